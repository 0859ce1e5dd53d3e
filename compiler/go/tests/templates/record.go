// Records what a stock Go with sprig makes of templates. Run by script/record-templates.
//
//	record functions        prints every function of sprig with its type
//	record DATA < LINES     executes one template a line (a JSON text) with the data, and prints one result a line
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
)

type result struct {
	Template string  `json:"template"`
	Text     *string `json:"text,omitempty"`
	Line     int     `json:"line,omitempty"`
	Message  string  `json:"message,omitempty"`
}

// The line stands behind the template's name.
var place = regexp.MustCompile(`^template: t:(\d+)`)

func failed(source string, err error) result {
	line := 0
	if found := place.FindStringSubmatch(err.Error()); found != nil {
		line, _ = strconv.Atoi(found[1])
	}
	return result{Template: source, Line: line, Message: err.Error()}
}

func run(source string, data []byte) result {
	parsed, err := template.New("t").Funcs(sprig.TxtFuncMap()).Parse(source)
	if err != nil {
		return failed(source, err)
	}
	var out bytes.Buffer
	if err := parsed.Execute(&out, object(data)); err != nil {
		return failed(source, err)
	}
	text := out.String()
	return result{Template: source, Text: &text}
}

// Whole numbers are int64, as in the objects of a cluster.
func object(data []byte) any {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		panic(err)
	}
	return typed(value)
}

func typed(value any) any {
	switch value := value.(type) {
	case json.Number:
		if whole, err := value.Int64(); err == nil {
			return whole
		}
		float, _ := value.Float64()
		return float
	case map[string]any:
		for key, inner := range value {
			value[key] = typed(inner)
		}
	case []any:
		for index, inner := range value {
			value[index] = typed(inner)
		}
	}
	return value
}

func functions() {
	var lines []string
	for name, function := range sprig.TxtFuncMap() {
		signature := strings.TrimPrefix(reflect.TypeOf(function).String(), "func")
		lines = append(lines, name+strings.ReplaceAll(signature, "interface {}", "any"))
	}
	sort.Strings(lines)
	fmt.Println(strings.Join(lines, "\n"))
}

func main() {
	if os.Args[1] == "functions" {
		functions()
		return
	}
	data, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var source string
		if err := json.Unmarshal(lines.Bytes(), &source); err != nil {
			panic(err)
		}
		if err := encoder.Encode(run(source, data)); err != nil {
			panic(err)
		}
	}
}

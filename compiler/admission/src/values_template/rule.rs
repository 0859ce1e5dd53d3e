//! What is wrong with a template of chart values.

use flatwright_diagnostic::Rule;

/// Admission reads no template; the provider then installs nothing, and a condition of the HelmChartProxy says why.
#[derive(Debug, Rule)]
#[rule(group = "manifest-values-template")]
pub enum ValuesTemplate {
    /// The text is not a template.
    #[rule("values-template-syntax", "{problem}")]
    Syntax {
        /// In words.
        problem: String,
    },
    /// A function that neither Go nor sprig has.
    #[rule("values-template-unknown-function", "the function `{name}` does not exist in `valuesTemplate`")]
    UnknownFunction {
        /// As it is written.
        name: String,
    },
    /// A variable that no statement before it declares.
    #[rule("values-template-unknown-variable", "the variable `{name}` is not declared")]
    UnknownVariable {
        /// With its `$`.
        name: String,
    },
    /// Too few or too many arguments.
    #[rule("values-template-argument-count", "`{function}` takes {takes}, and has {has}")]
    ArgumentCount {
        /// The function.
        function: String,
        /// `2 arguments`, `at least 1 argument`.
        takes: String,
        /// How many it has, the piped one included.
        has: usize,
    },
    /// A constant that the function cannot take.
    #[rule(
        "values-template-argument-type",
        "`{written}` is not a value of type `{wants}`, which `{function}` takes there"
    )]
    ArgumentType {
        /// The function.
        function: String,
        /// As it is written.
        written: String,
        /// Go's name of the type.
        wants: &'static str,
    },
    /// What certainly fails with the objects of the manifests.
    #[rule("values-template-fails", "the template fails: {fault}")]
    Fails {
        /// In words.
        fault: String,
    },
    /// A result that is not YAML.
    #[rule("values-template-not-yaml", "what the template gives is not YAML: {problem}")]
    NotYaml {
        /// In words.
        problem: String,
    },
    /// A result that is YAML and not a mapping.
    #[rule("values-template-not-a-mapping", "what the template gives is {what}, and values of a chart are a mapping")]
    NotMapping {
        /// What it is instead.
        what: &'static str,
    },
    /// A field that its object cannot have.
    #[rule("values-template-unknown-field", "`{of}` has no field `{field}`")]
    UnknownField {
        /// Its name.
        field: String,
        /// The object.
        of: String,
        /// The name that was probably meant.
        #[rule(skip)]
        nearest: Option<&'static str>,
    },
    /// A value that is not there is printed.
    #[rule("values-template-no-value", "this prints `<no value>`")]
    NoValue,
}

// The little of a C library that a plugin needs. It imports nothing, since plugins may import only the log.
// Memory is handed out in powers of two; what is freed is used again for what has the same size.

#include <stdlib.h>
#include <string.h>

#define PAGE 65536
#define ALIGNMENT 16
#define SIZES 28

extern unsigned char __heap_base;
static size_t next;
static void *freed[SIZES];

// What stands in front of each piece.
struct head {
  size_t size;
  size_t kind;
};

static struct head *head_of(void *memory) { return (struct head *)memory - 1; }

void *malloc(size_t size) {
  size_t kind = 0;
  while (kind < SIZES && ((size_t)ALIGNMENT << kind) < size) {
    kind++;
  }
  if (kind == SIZES) {
    abort();
  }
  if (freed[kind] != NULL) {
    void *memory = freed[kind];
    freed[kind] = *(void **)memory;
    head_of(memory)->size = size;
    return memory;
  }
  if (next == 0) {
    next = (size_t)&__heap_base;
  }
  size_t start = (next + sizeof(struct head) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  size_t end = start + ((size_t)ALIGNMENT << kind);
  size_t have = __builtin_wasm_memory_size(0) * PAGE;
  if (end < start) {
    abort();
  }
  if (end > have && __builtin_wasm_memory_grow(0, (end - have + PAGE - 1) / PAGE) == (size_t)-1) {
    abort();
  }
  next = end;
  head_of((void *)start)->size = size;
  head_of((void *)start)->kind = kind;
  return (void *)start;
}

void free(void *memory) {
  // What the bindings give back may be a text of the program itself, which was never handed out.
  if ((size_t)memory < (size_t)&__heap_base) {
    return;
  }
  size_t kind = head_of(memory)->kind;
  *(void **)memory = freed[kind];
  freed[kind] = memory;
}

void *realloc(void *old, size_t size) {
  if (old == NULL) {
    return malloc(size);
  }
  struct head *head = head_of(old);
  if (size <= (size_t)ALIGNMENT << head->kind) {
    head->size = size;
    return old;
  }
  void *new = malloc(size);
  memcpy(new, old, head->size);
  free(old);
  return new;
}

void abort(void) { __builtin_trap(); }

void *memcpy(void *to, const void *from, size_t size) {
  unsigned char *t = to;
  const unsigned char *f = from;
  while (size-- > 0) {
    *t++ = *f++;
  }
  return to;
}

void *memset(void *to, int byte, size_t size) {
  unsigned char *t = to;
  while (size-- > 0) {
    *t++ = (unsigned char)byte;
  }
  return to;
}

int memcmp(const void *one, const void *other, size_t size) {
  const unsigned char *a = one, *b = other;
  for (; size > 0; size--, a++, b++) {
    if (*a != *b) {
      return *a - *b;
    }
  }
  return 0;
}

size_t strlen(const char *text) {
  size_t length = 0;
  while (text[length] != 0) {
    length++;
  }
  return length;
}

// The little of a C library that a plugin needs. It imports nothing, since plugins may import only the log.
// Memory is handed out upwards and never taken back: the instance ends with the call.

#include <stdlib.h>
#include <string.h>

#define PAGE 65536
#define ALIGNMENT 16

extern unsigned char __heap_base;
static size_t next;

void *malloc(size_t size) {
  if (next == 0) {
    next = (size_t)&__heap_base;
  }
  // The size goes in front, for realloc.
  size_t start = (next + sizeof(size_t) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  size_t end = start + size;
  size_t have = __builtin_wasm_memory_size(0) * PAGE;
  if (end < start) {
    abort();
  }
  if (end > have && __builtin_wasm_memory_grow(0, (end - have + PAGE - 1) / PAGE) == (size_t)-1) {
    abort();
  }
  ((size_t *)start)[-1] = size;
  next = end;
  return (void *)start;
}

void *realloc(void *old, size_t size) {
  void *new = malloc(size);
  if (old != NULL) {
    size_t was = ((size_t *)old)[-1];
    memcpy(new, old, was < size ? was : size);
  }
  return new;
}

void free(void *memory) { (void)memory; }

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

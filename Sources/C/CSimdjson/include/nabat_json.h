#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A simdjson DOM parser and its padded copy of the input, both reused from document to document.
typedef struct nabat_json nabat_json;

/// The parsed document as simdjson's own tape (doc/tape.md of the library): 64-bit words, a type in the top byte and a
/// payload below; strings lie in a buffer of their own, each as a 32-bit length and its bytes. Valid until the next parse.
typedef struct nabat_json_tape {
  const uint64_t *_Nullable words;
  const uint8_t *_Nullable strings;
} nabat_json_tape;

/// Null when there is no memory.
nabat_json *_Nullable nabat_json_new(size_t max_depth);
void nabat_json_free(nabat_json *_Nullable parser);

/// Parses one document of UTF-8. Null on success, else what is wrong, in words that live for ever.
const char *_Nullable nabat_json_parse(
    nabat_json *_Nonnull parser, const uint8_t *_Nullable bytes, size_t length, nabat_json_tape *_Nonnull tape);

/// Whether the bytes are UTF-8.
int nabat_utf8_valid(const uint8_t *_Nullable bytes, size_t length);

#ifdef __cplusplus
}
#endif

#include "nabat_json.h"

#include <simdjson.h>

#include <cstdlib>
#include <cstring>
#include <new>

using namespace simdjson;

struct nabat_json {
  dom::parser parser;
  size_t max_depth;
  uint8_t *buffer = nullptr;
  size_t capacity = 0;

  explicit nabat_json(size_t depth) noexcept : max_depth(depth) {}
  ~nabat_json() { std::free(buffer); }
};

namespace {

// Above this a parser that met one huge document gives the memory back at the next small one.
constexpr size_t keep = 1 << 20;

bool reserve(nabat_json &self, size_t length) noexcept {
  bool shrink = self.capacity > keep && length < self.capacity / 8;
  if (length > self.capacity || shrink || self.buffer == nullptr) {
    size_t capacity = length < 4096 ? 4096 : length + length / 2;
    uint8_t *buffer = static_cast<uint8_t *>(std::malloc(capacity + SIMDJSON_PADDING));
    if (buffer == nullptr) return false;
    std::free(self.buffer);
    self.buffer = buffer;
    self.capacity = 0;
    if (self.parser.allocate(capacity, self.max_depth) != SUCCESS) return false;
    self.capacity = capacity;
  }
  return true;
}

error_code parse(nabat_json &self, size_t length) noexcept {
  std::memset(self.buffer + length, 0, SIMDJSON_PADDING);
  return self.parser.parse(self.buffer, length, false).error();
}

// simdjson 3.0 refuses whole numbers beyond 64 bits, JSON does not: «e0» after each makes it a double.
// Writes into `out` (or only counts, when null) and returns the length.
size_t mark_big_integers(const uint8_t *bytes, size_t length, uint8_t *out) noexcept {
  size_t written = 0;
  auto put = [&](uint8_t byte) {
    if (out != nullptr) out[written] = byte;
    written++;
  };
  bool in_string = false;
  for (size_t i = 0; i < length;) {
    uint8_t byte = bytes[i];
    if (in_string) {
      put(byte);
      i++;
      if (byte == '\\' && i < length) put(bytes[i++]);
      if (byte == '"') in_string = false;
    } else if (byte >= '0' && byte <= '9') {
      size_t start = i;
      bool whole = true;
      for (; i < length && (std::strchr("0123456789+-.eE", bytes[i]) != nullptr) && bytes[i] != 0; i++) {
        whole = whole && bytes[i] >= '0' && bytes[i] <= '9';
        put(bytes[i]);
      }
      if (whole && i - start >= 19) {
        put('e');
        put('0');
      }
    } else {
      in_string = byte == '"';
      put(byte);
      i++;
    }
  }
  return written;
}

const char *words(error_code error) noexcept {
  switch (error) {
    case SUCCESS: return nullptr;
    case CAPACITY: return "the document is too large";
    case MEMALLOC: return "not enough memory to read the document";
    case TAPE_ERROR: return "a comma, colon, quote or bracket is missing or superfluous";
    case DEPTH_ERROR: return "arrays and objects are nested too deeply";
    case STRING_ERROR: return "a string holds a wrong escape or half of a surrogate pair";
    case T_ATOM_ERROR:
    case F_ATOM_ERROR:
    case N_ATOM_ERROR: return "a bare word is neither true, false nor null";
    case NUMBER_ERROR:
    case NUMBER_OUT_OF_RANGE: return "a number is malformed or too large";
    case UTF8_ERROR: return "the bytes are not valid UTF-8";
    case EMPTY: return "the document is empty";
    case UNESCAPED_CHARS: return "a string holds a control character that is not escaped";
    case UNCLOSED_STRING: return "a string has no closing quote";
    default: return error_message(error);
  }
}

}  // namespace

extern "C" nabat_json *nabat_json_new(size_t max_depth) { return new (std::nothrow) nabat_json(max_depth); }

extern "C" void nabat_json_free(nabat_json *parser) { delete parser; }

extern "C" const char *nabat_json_parse(
    nabat_json *self, const uint8_t *bytes, size_t length, nabat_json_tape *tape) {
  // A byte order mark is allowed to be ignored (RFC 8259, section 8.1).
  if (length >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF) {
    bytes += 3;
    length -= 3;
  }
  // Words of the tape address 32 bits.
  if (length >= 0x7FFFFFFF) return words(CAPACITY);
  if (!reserve(*self, length)) return words(MEMALLOC);
  if (length > 0) std::memcpy(self->buffer, bytes, length);
  error_code error = parse(*self, length);
  if (error == NUMBER_ERROR) {
    size_t marked = mark_big_integers(bytes, length, nullptr);
    if (marked > length && marked < 0x7FFFFFFF) {
      if (!reserve(*self, marked)) return words(MEMALLOC);
      mark_big_integers(bytes, length, self->buffer);
      error = parse(*self, marked);
    }
  }
  if (error == SUCCESS) {
    tape->words = self->parser.doc.tape.get();
    tape->strings = self->parser.doc.string_buf.get();
  }
  return words(error);
}

int nabat_utf8_valid(const uint8_t *bytes, size_t length) {
  return length == 0 || simdjson::validate_utf8(reinterpret_cast<const char *>(bytes), length);
}

// The one place where simdjson is used. Nothing here throws: simdjson is asked for error codes, and
// what operator new throws is caught.
#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

#include <memory>
#include <new>

extern "C" {
#include "../base/memory.h"
#include "index.h"
}

static_assert(EVC_JSON_PADDING >= simdjson::SIMDJSON_PADDING, "simdjson reads so far");

struct evc_json_index {
  evc_allocator allocator;
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;

  explicit evc_json_index(const evc_allocator &a) : allocator(a) {}
};

evc_json_index *evc_json_index_new(const evc_allocator *allocator) {
  evc_allocator a = evc_allocator_of(allocator);
  void *memory = evc_allocate(&a, sizeof(evc_json_index));
  return memory ? new (memory) evc_json_index(a) : nullptr;
}

void evc_json_index_free(evc_json_index *index) {
  if (!index) return;
  evc_allocator allocator = index->allocator;
  index->~evc_json_index();
  evc_release(&allocator, index, sizeof *index);
}

// In steps, where simdjson would allocate anew for every text larger than all before it.
static simdjson::error_code make_room(evc_json_index *index, size_t length) {
  if (index->parser && index->parser->capacity() >= length) return simdjson::SUCCESS;
  size_t capacity = 4096;
  while (capacity < length) capacity *= 2;
  if (capacity > UINT32_MAX) capacity = UINT32_MAX;
  if (index->parser) return index->parser->allocate(capacity, 1);
  return simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, 1,
                                                                                 index->parser);
}

evc_status evc_json_index_make(evc_json_index *index, const char *text, uint32_t length,
                               const uint32_t **tokens, uint32_t *count) try {
  simdjson::error_code error = make_room(index, length);
  if (!error)
    error = index->parser->stage1(reinterpret_cast<const uint8_t *>(text), length,
                                  simdjson::stage1_mode::regular);
  if (error) return error == simdjson::MEMALLOC ? EVC_OUT_OF_MEMORY : EVC_INVALID;
  // Behind the last token simdjson leaves room for more.
  *count = index->parser->n_structural_indexes;
  index->parser->structural_indexes[*count] = length;
  *tokens = index->parser->structural_indexes.get();
  return EVC_OK;
} catch (const std::bad_alloc &) {
  return EVC_OUT_OF_MEMORY;
}

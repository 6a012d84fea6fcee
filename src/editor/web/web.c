/* The library's face to JavaScript: functions that take numbers, and answers that are read from
** memory.
**
** JavaScript writes text into the input (web_input), calls a function with the lengths of what it
** wrote, one text behind the other, and reads the answer from the output (web_output). The output
** is a row of fields without gaps: a number is 4 bytes, least first; a float 8; a text its length
** and its bytes, or the length UINT32_MAX where it is absent; a list its length and its items.
** Offsets are bytes. What each function writes stands above it; lib/wire.ts reads it.
**
** Functions return an evc_status unless they say otherwise, and have written nothing where it is
** not EVC_OK. No state is shared: everything hangs at a web_session.
*/
#include "../../base/memory.h"
#include "../../base/text.h"
#include "evcalc/evcalc.h"

#if defined(__wasm__)
#define WEB(name) __attribute__((export_name(#name))) name
#else
#define WEB(name) name
#endif

/* What web_option sets; lib/engine.ts has the same numbers. */
typedef enum web_option_kind {
  WEB_ALLOW,        /* the code whose name is in the input */
  WEB_DENY,         /* the same */
  WEB_DENY_WARNINGS,
  WEB_LIMIT_TEXT,
  WEB_LIMIT_DEPTH,
  WEB_LIMIT_NODES,
  WEB_LIMIT_ARGUMENTS
} web_option_kind;

/* The Event types, and what the functions are called with and answer into. */
typedef struct web_session {
  evc_allocator allocator;
  evc_schema *schema;
  char *input;
  size_t input_size;
  evc_arena answer; /* the output's memory */
  evc_text output;
  evc_arena list; /* of the field list that is being given */
  evc_field *fields;
  size_t field_count, field_capacity;
  evc_options options; /* of the document that is opened next */
} web_session;

/* One text of one Event type, with an event. */
typedef struct web_document {
  web_session *session;
  const evc_event_type *type; /* or NULL */
  evc_editor *editor;
  evc_options options;
  evc_calculation *calculation; /* of the editor's text, traced; NULL until it is asked for */
  evc_event *event;             /* NULL until it is asked for */
  evc_arena values;             /* what the event's values point to */
  evc_member *members;          /* of the map that is being given */
  size_t member_count, member_capacity;
} web_document;

/* --- Writing answers --- */

static evc_builder begin(web_session *session) {
  evc_builder out;
  evc_arena_reset(&session->answer);
  session->output = (evc_text){NULL, 0};
  evc_build_init(&out, &session->answer);
  return out;
}

static evc_status end(web_session *session, evc_builder *out) {
  session->output = evc_build_end(out);
  return session->output.data ? EVC_OK : EVC_OUT_OF_MEMORY;
}

static void put_number(evc_builder *out, size_t number) {
  uint32_t n = (uint32_t)number;
  char bytes[] = {(char)n, (char)(n >> 8), (char)(n >> 16), (char)(n >> 24)};
  evc_build(out, bytes, sizeof bytes);
}

static void put_float(evc_builder *out, double number) {
  uint64_t bits;
  memcpy(&bits, &number, sizeof bits);
  put_number(out, (uint32_t)bits);
  put_number(out, (uint32_t)(bits >> 32));
}

static void put_text(evc_builder *out, evc_text text) {
  put_number(out, text.data ? text.length : UINT32_MAX);
  evc_build(out, text.data ? text.data : "", text.data ? text.length : 0);
}

static void put_word(evc_builder *out, const char *word) {
  put_text(out, word ? evc_text_of(word) : (evc_text){NULL, 0});
}

static void put_edits(evc_builder *out, const evc_edit *edits, size_t count) {
  put_number(out, count);
  for (size_t i = 0; i < count; i++) {
    put_number(out, edits[i].start);
    put_number(out, edits[i].end);
    put_text(out, edits[i].text);
  }
}

/* A diagnostic: name, severity, has_span, start, end, line, column, message, help, label, labels
** (start, end, text), fixes (title, safe, edits of start, end, text). */
static void put_diagnostic(evc_builder *out, const evc_diagnostic *d) {
  put_word(out, d->name);
  put_number(out, d->severity);
  put_number(out, d->has_span);
  put_number(out, d->start);
  put_number(out, d->end);
  put_number(out, d->line);
  put_number(out, d->column);
  put_text(out, d->message);
  put_text(out, d->help);
  put_text(out, d->label);
  put_number(out, d->label_count);
  for (size_t i = 0; i < d->label_count; i++) {
    put_number(out, d->labels[i].start);
    put_number(out, d->labels[i].end);
    put_text(out, d->labels[i].text);
  }
  put_number(out, d->fix_count);
  for (size_t i = 0; i < d->fix_count; i++) {
    put_text(out, d->fixes[i].title);
    put_number(out, d->fixes[i].safe);
    put_edits(out, d->fixes[i].edits, d->fixes[i].edit_count);
  }
}

/* A report: how many errors and warnings there are in all, the first error in a line, the
** diagnostics. */
static void put_report(evc_builder *out, const evc_report *report) {
  put_number(out, evc_report_errors(report));
  put_number(out, evc_report_warnings(report));
  put_text(out, evc_report_message(report));
  size_t count = evc_report_count(report);
  put_number(out, count);
  for (size_t i = 0; i < count; i++) put_diagnostic(out, evc_report_at(report, i));
}

/* --- The session --- */

void WEB(web_free)(web_session *session) {
  if (!session) return;
  evc_schema_free(session->schema);
  evc_arena_free(&session->answer);
  evc_arena_free(&session->list);
  evc_release(&session->allocator, session->input, session->input_size);
  evc_allocator allocator = session->allocator;
  evc_release(&allocator, session, sizeof *session);
}

/* A session, with the built-in Event types or without any; NULL when out of memory. */
web_session *WEB(web_new)(bool builtin) {
  evc_allocator allocator = evc_allocator_of(NULL);
  web_session *session = evc_allocate(&allocator, sizeof *session);
  if (!session) return NULL;
  *session = (web_session){.allocator = allocator};
  evc_arena_init(&session->answer, &allocator, NULL, 0);
  evc_arena_init(&session->list, &allocator, NULL, 0);
  session->schema = builtin ? evc_schema_builtin(NULL) : evc_schema_new(NULL);
  if (session->schema) return session;
  web_free(session);
  return NULL;
}

/* Room for the texts of the next call; NULL when out of memory. It stays as it is until it is asked
** for again. */
char *WEB(web_input)(web_session *session, size_t size) {
  if (size <= session->input_size) return session->input;
  char *input = evc_reallocate(&session->allocator, session->input, session->input_size, size);
  if (!input) return NULL;
  session->input = input;
  session->input_size = size;
  return input;
}

/* The answer of the last call that wrote one. */
const char *WEB(web_output)(const web_session *session) { return session->output.data; }
size_t WEB(web_output_size)(const web_session *session) { return session->output.length; }

/* --- Event types --- */

static void forget_fields(web_session *session) {
  session->fields = NULL;
  session->field_count = session->field_capacity = 0;
  evc_arena_reset(&session->list);
}

static bool add_field(web_session *session, size_t path_length, size_t word_length) {
  void *fields = session->fields;
  if (!evc_arena_grow(&session->list, &fields, &session->field_capacity, session->field_count + 1,
                      sizeof *session->fields))
    return false;
  session->fields = fields;
  evc_field field = {
      .path = evc_arena_text(&session->list, session->input, path_length),
      .word = evc_arena_text(&session->list, session->input + path_length, word_length)};
  session->fields[session->field_count++] = field;
  return field.path.data && field.word.data;
}

/* One more field of the list that web_type_end adds: input path, type word. Where this fails the
** fields given so far are forgotten. */
evc_status WEB(web_type_field)(web_session *session, size_t path_length, size_t word_length) {
  if (add_field(session, path_length, word_length)) return EVC_OK;
  forget_fields(session);
  return EVC_OUT_OF_MEMORY;
}

/* Add the Event type (input name) with the fields given before, or by name alone; those are
** forgotten, also where this fails. Output: a report of load warnings. */
evc_status WEB(web_type_end)(web_session *session, size_t name_length, bool name_only) {
  evc_report *report;
  evc_status status = evc_schema_add(session->schema, session->input, name_length,
                                     name_only ? EVC_NAME_ONLY : EVC_LOADED, session->fields,
                                     session->field_count, &report);
  forget_fields(session);
  if (status == EVC_OK) {
    evc_builder out = begin(session);
    put_report(&out, report);
    status = end(session, &out);
  }
  evc_report_free(report);
  return status;
}

/* Output: a list of name, provenance, number of fields. */
evc_status WEB(web_types)(web_session *session) {
  evc_builder out = begin(session);
  size_t count = evc_schema_count(session->schema);
  put_number(&out, count);
  for (size_t i = 0; i < count; i++) {
    const evc_event_type *type = evc_schema_at(session->schema, i);
    put_text(&out, evc_event_type_name(type));
    put_word(&out, evc_provenance_name(evc_event_type_provenance(type)));
    put_number(&out, evc_event_type_field_count(type));
  }
  return end(session, &out);
}

/* The fields of an Event type (input name), in the order of slots; EVC_NOT_FOUND where there is no
** such type. Output: provenance, a list of path, type word, type. */
evc_status WEB(web_type)(web_session *session, size_t name_length) {
  const evc_event_type *type = evc_schema_find(session->schema, session->input, name_length);
  if (!type) return EVC_NOT_FOUND;
  evc_builder out = begin(session);
  size_t count = evc_event_type_field_count(type);
  put_word(&out, evc_provenance_name(evc_event_type_provenance(type)));
  put_number(&out, count);
  for (size_t slot = 0; slot < count; slot++) {
    const evc_field *field = evc_event_type_field(type, slot);
    put_text(&out, field->path);
    put_text(&out, field->word);
    put_word(&out, evc_type_name(field->type));
  }
  return end(session, &out);
}

/* The names of Event types closest to the input. Output: a list of names. */
evc_status WEB(web_suggest)(web_session *session, size_t name_length) {
  enum { CLOSEST = 3 };
  evc_text names[CLOSEST];
  size_t count =
      evc_schema_suggest(session->schema, session->input, name_length, names, CLOSEST);
  evc_builder out = begin(session);
  put_number(&out, count);
  for (size_t i = 0; i < count; i++) put_text(&out, names[i]);
  return end(session, &out);
}

/* --- Documents --- */

/* Set an option of the document that is opened next; EVC_NOT_FOUND for a code that does not
** exist. */
evc_status WEB(web_option)(web_session *session, web_option_kind option, uint32_t value) {
  evc_options *options = &session->options;
  switch (option) {
  case WEB_ALLOW:
  case WEB_DENY: {
    evc_code code = evc_code_find(session->input, value);
    if (code == EVC_CODE_NONE) return EVC_NOT_FOUND;
    evc_code_set_add(option == WEB_ALLOW ? &options->allow : &options->deny, code);
    break;
  }
  case WEB_DENY_WARNINGS: options->deny_warnings = value != 0; break;
  case WEB_LIMIT_TEXT: options->limits.text = value; break;
  case WEB_LIMIT_DEPTH: options->limits.depth = value; break;
  case WEB_LIMIT_NODES: options->limits.nodes = value; break;
  case WEB_LIMIT_ARGUMENTS: options->limits.arguments = value; break;
  }
  return EVC_OK;
}

void WEB(web_close)(web_document *document) {
  if (!document) return;
  evc_calculation_free(document->calculation);
  evc_event_free(document->event);
  evc_editor_free(document->editor);
  evc_arena_free(&document->values);
  evc_allocator allocator = document->session->allocator;
  evc_release(&allocator, document, sizeof *document);
}

/* A document of the Event type in the input, or of none, with the options set before, which are
** then forgotten. NULL when out of memory or where there is no such type. To be closed before its
** session is freed. */
web_document *WEB(web_open)(web_session *session, bool typed, size_t name_length) {
  const evc_event_type *type =
      typed ? evc_schema_find(session->schema, session->input, name_length) : NULL;
  evc_options options = session->options;
  session->options = (evc_options){.trace = false};
  options.schema = session->schema;
  options.trace = true;
  if (typed && !type) return NULL;
  web_document *document = evc_allocate(&session->allocator, sizeof *document);
  if (!document) return NULL;
  *document = (web_document){.session = session, .type = type, .options = options};
  evc_arena_init(&document->values, &session->allocator, NULL, 0);
  document->editor = evc_editor_new(type, &options);
  if (document->editor) return document;
  web_close(document);
  return NULL;
}

/* The text is what is in the input. */
evc_status WEB(web_set_text)(web_document *document, size_t length) {
  evc_calculation_free(document->calculation);
  document->calculation = NULL;
  return evc_editor_set_text(document->editor, document->session->input, length);
}

/* Output: the report of the text. */
evc_status WEB(web_report)(web_document *document) {
  evc_builder out = begin(document->session);
  put_report(&out, evc_editor_report(document->editor));
  return end(document->session, &out);
}

/* The name of a class of tokens in the output, or EVC_NOT_FOUND past the last. */
evc_status WEB(web_token_class)(web_session *session, evc_token_class kind) {
  if ((unsigned)kind >= EVC_CLASS_END) return EVC_NOT_FOUND;
  evc_builder out = begin(session);
  put_word(&out, evc_token_class_name(kind));
  return end(session, &out);
}

/* Output: a list of start, end, class. */
evc_status WEB(web_tokens)(web_document *document) {
  size_t count;
  const evc_token *tokens = evc_editor_tokens(document->editor, &count);
  evc_builder out = begin(document->session);
  put_number(&out, count);
  for (size_t i = 0; i < count; i++) {
    put_number(&out, tokens[i].start);
    put_number(&out, tokens[i].end);
    put_number(&out, tokens[i].kind);
  }
  return end(document->session, &out);
}

/* Output: start, end, expected type, a list of kind, type, fits, label, insert, snippet, detail,
** documentation. */
evc_status WEB(web_complete)(web_document *document, size_t offset) {
  evc_completions found;
  evc_status status = evc_editor_complete(document->editor, offset, &found);
  if (status != EVC_OK) return status;
  evc_builder out = begin(document->session);
  put_number(&out, found.range.start);
  put_number(&out, found.range.end);
  put_word(&out, evc_type_name(found.expected));
  put_number(&out, found.count);
  for (size_t i = 0; i < found.count; i++) {
    const evc_completion *item = &found.items[i];
    put_word(&out, evc_completion_kind_name(item->kind));
    put_word(&out, evc_type_name(item->type));
    put_number(&out, item->fits);
    put_text(&out, item->label);
    put_text(&out, item->insert);
    put_text(&out, item->snippet);
    put_text(&out, item->detail);
    put_text(&out, item->documentation);
  }
  return end(document->session, &out);
}

/* Output: start, end, type, Markdown. */
evc_status WEB(web_hover)(web_document *document, size_t offset) {
  evc_hover hover;
  evc_status status = evc_editor_hover(document->editor, offset, &hover);
  if (status != EVC_OK) return status;
  evc_builder out = begin(document->session);
  put_number(&out, hover.range.start);
  put_number(&out, hover.range.end);
  put_word(&out, evc_type_name(hover.type));
  put_text(&out, hover.markdown);
  return end(document->session, &out);
}

/* Output: start and end of the name, label, documentation, active, a list of start and end in the
** label and documentation. */
evc_status WEB(web_signature)(web_document *document, size_t offset) {
  evc_signature signature;
  evc_status status = evc_editor_signature(document->editor, offset, &signature);
  if (status != EVC_OK) return status;
  evc_builder out = begin(document->session);
  put_number(&out, signature.name.start);
  put_number(&out, signature.name.end);
  put_text(&out, signature.label);
  put_text(&out, signature.documentation);
  put_number(&out, signature.active);
  put_number(&out, signature.parameter_count);
  for (size_t i = 0; i < signature.parameter_count; i++) {
    put_number(&out, signature.parameters[i].start);
    put_number(&out, signature.parameters[i].end);
    put_text(&out, signature.parameters[i].documentation);
  }
  return end(document->session, &out);
}

/* Output: a list of start, end, each around the one before it. */
evc_status WEB(web_ranges)(web_document *document, size_t offset) {
  const evc_range *ranges;
  size_t count;
  evc_status status = evc_editor_ranges(document->editor, offset, &ranges, &count);
  if (status != EVC_OK) return status;
  evc_builder out = begin(document->session);
  put_number(&out, count);
  for (size_t i = 0; i < count; i++) {
    put_number(&out, ranges[i].start);
    put_number(&out, ranges[i].end);
  }
  return end(document->session, &out);
}

/* The canonical layout in so many columns (0: the default); EVC_INVALID where the text cannot be
** read. Output: the text, the edits that make it. */
evc_status WEB(web_format)(web_document *document, uint32_t columns) {
  evc_format_options options = {.columns = columns};
  const evc_formatted *formatted;
  evc_status status = evc_editor_format(document->editor, &options, &formatted);
  if (status != EVC_OK) return status;
  evc_builder out = begin(document->session);
  put_text(&out, evc_formatted_text(formatted));
  size_t count = evc_formatted_edit_count(formatted);
  put_number(&out, count);
  for (size_t i = 0; i < count; i++) {
    evc_edit edit = evc_formatted_edit(formatted, i);
    put_number(&out, edit.start);
    put_number(&out, edit.end);
    put_text(&out, edit.text);
  }
  return end(document->session, &out);
}

/* --- Events --- */

/* All values null. EVC_NOT_FOUND for a document without Event type. */
evc_status WEB(web_event_clear)(web_document *document) {
  if (!document->type) return EVC_NOT_FOUND;
  if (!document->event) document->event = evc_event_new(document->type, NULL);
  if (!document->event) return EVC_OUT_OF_MEMORY;
  evc_event_clear(document->event);
  evc_arena_reset(&document->values);
  document->members = NULL;
  document->member_count = document->member_capacity = 0;
  return EVC_OK;
}

/* A value of a kind: a number, a Boolean (0 or 1), the length of a String whose text is in the
** input behind `skip` bytes; of other kinds nothing more. False when out of memory. */
static bool value_of(web_document *document, evc_kind kind, double number, size_t skip,
                     evc_value *value) {
  *value = (evc_value){.kind = (uint8_t)kind};
  if (kind == EVC_KIND_NUMBER) {
    value->as.number = number;
  } else if (kind == EVC_KIND_BOOLEAN) {
    value->as.boolean = number != 0;
  } else if (kind == EVC_KIND_STRING) {
    evc_text text =
        evc_arena_text(&document->values, document->session->input + skip, (size_t)number);
    value->as.text = text.data;
    value->length = (uint32_t)text.length;
    return text.data != NULL;
  }
  return true;
}

/* Set a slot of the event, which was cleared before. A map takes the members given since then. */
evc_status WEB(web_event_set)(web_document *document, size_t slot, evc_kind kind, double number) {
  evc_value value;
  if (!value_of(document, kind, number, 0, &value)) return EVC_OUT_OF_MEMORY;
  if (kind == EVC_KIND_MAP) {
    value.as.members = document->members;
    value.length = (uint32_t)document->member_count;
    document->members = NULL;
    document->member_count = document->member_capacity = 0;
  }
  return evc_event_set_value(document->event, slot, value);
}

/* One more member of the map that is set next: input name, and the text where it is a String. */
evc_status WEB(web_event_member)(web_document *document, size_t name_length, evc_kind kind,
                                 double number) {
  void *members = document->members;
  if (!evc_arena_grow(&document->values, &members, &document->member_capacity,
                      document->member_count + 1, sizeof *document->members))
    return EVC_OUT_OF_MEMORY;
  document->members = members;
  evc_member *member = &document->members[document->member_count];
  member->name = evc_arena_text(&document->values, document->session->input, name_length);
  if (!member->name.data || !value_of(document, kind, number, name_length, &member->value))
    return EVC_OUT_OF_MEMORY;
  document->member_count++;
  return EVC_OK;
}

/* A value: its kind, and of a number or a Boolean a float, of a String the text. */
static void put_value(evc_builder *out, const evc_value *value) {
  put_number(out, value->kind);
  if (value->kind == EVC_KIND_NUMBER) put_float(out, value->as.number);
  else if (value->kind == EVC_KIND_BOOLEAN) put_float(out, value->as.boolean);
  else if (value->kind == EVC_KIND_STRING)
    put_text(out, (evc_text){value->as.text, value->length});
}

/* The parts: start, end, type, parent, evaluated, and where it was the value. */
static void put_parts(evc_builder *out, const evc_calculation *calculation,
                      const evc_trace *trace) {
  size_t count = evc_calculation_part_count(calculation);
  put_number(out, count);
  for (size_t i = 0; i < count; i++) {
    evc_part part = evc_calculation_part(calculation, i);
    put_number(out, part.start);
    put_number(out, part.end);
    put_word(out, evc_type_name(part.type));
    put_number(out, part.parent);
    put_number(out, trace[i].evaluated);
    if (trace[i].evaluated) put_value(out, &trace[i].value);
  }
}

static evc_status evaluate(web_document *document, evc_trace *trace) {
  evc_outcome outcome = evc_evaluate_traced(document->calculation, document->event, trace);
  evc_report *report = evc_outcome_report(document->calculation, outcome);
  evc_builder out = begin(document->session);
  put_number(&out, outcome.status);
  put_number(&out, outcome.value);
  put_report(&out, report);
  put_parts(&out, document->calculation, trace);
  evc_report_free(report);
  return end(document->session, &out);
}

/* Evaluate the text on the event, which was cleared and set before; EVC_INVALID where the text does
** not compile, which its report explains. Output: status, value, a report of the evaluation's
** error, a list of parts. */
evc_status WEB(web_evaluate)(web_document *document) {
  if (!document->event) return EVC_NOT_FOUND;
  if (!document->calculation) {
    evc_text text = evc_editor_text(document->editor);
    document->calculation =
        evc_compile(document->type, text.data, text.length, &document->options, NULL);
  }
  if (!document->calculation)
    return evc_report_errors(evc_editor_report(document->editor)) ? EVC_INVALID : EVC_OUT_OF_MEMORY;
  size_t count = evc_calculation_part_count(document->calculation);
  size_t size = evc_size_mul(count, sizeof(evc_trace));
  evc_trace *trace = evc_allocate(&document->session->allocator, size);
  if (!trace) return EVC_OUT_OF_MEMORY;
  evc_status status = evaluate(document, trace);
  evc_release(&document->session->allocator, trace, size);
  return status;
}

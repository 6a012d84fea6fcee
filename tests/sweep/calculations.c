/* What is said of a calculation: by the compiler, the formatter and the editor. */
#include <stdlib.h>

#include "../../src/json/edits.h"
#include "../../src/json/write.h"
#include "sweep.h"

void say_report(speech *s, const evc_report *report) {
  for (size_t i = 0; i < evc_report_count(report); i++) {
    const evc_diagnostic *d = evc_report_at(report, i);
    say(s, "  %s %d %zu-%zu %zu:%zu", d->name, (int)d->severity, d->start, d->end, d->line,
        d->column);
    say_text(s, " ", d->message);
    say_text(s, "    ", d->help);
    for (size_t k = 0; k < d->label_count; k++) {
      say(s, "    label %zu-%zu", d->labels[k].start, d->labels[k].end);
      say_text(s, " ", d->labels[k].text);
    }
    for (size_t k = 0; k < d->fix_count; k++) {
      const evc_fix *f = &d->fixes[k];
      say_text(s, f->safe ? "    fix: " : "    guess: ", f->title);
      for (size_t e = 0; e < f->edit_count; e++) {
        say(s, "      %zu-%zu", f->edits[e].start, f->edits[e].end);
        say_text(s, " ", f->edits[e].text);
      }
    }
  }
  say_text(s, "  = ", evc_report_message(report));
}

static void say_print(speech *s, const evc_report *report, evc_text text) {
  static FILE *file;
  if (!file) file = tmpfile();
  if (!file) give_up("no temporary file");
  rewind(file);
  if (evc_report_print(report, text.data, text.length, NULL, EVC_STYLE_CARET, file) != EVC_OK)
    give_up("a report cannot be printed");
  long length = ftell(file);
  rewind(file);
  char *data = malloc((size_t)length + 1);
  if (!data || fread(data, 1, (size_t)length, file) != (size_t)length)
    give_up("a report cannot be read");
  say_text(s, "", (evc_text){data, (size_t)length});
  free(data);
}

static void say_layout(speech *s, evc_text text) {
  for (uint32_t columns = 20; columns <= 100; columns += 40) {
    evc_format_options options = {.columns = columns};
    evc_formatted *formatted = evc_format(text.data, text.length, &options, NULL);
    if (!formatted) return;
    say_text(s, "  laid out: ", evc_formatted_text(formatted));
    evc_formatted_free(formatted);
  }
}

static void say_parts(speech *s, const evc_calculation *calculation) {
  for (size_t i = 0; i < evc_calculation_part_count(calculation); i++) {
    evc_part p = evc_calculation_part(calculation, i);
    say(s, "  part %zu-%zu %s of %zu\n", p.start, p.end, evc_type_name(p.type), p.parent);
  }
  for (size_t i = 0; i < evc_calculation_reference_count(calculation); i++) {
    evc_reference r = evc_calculation_reference(calculation, i);
    say(s, "  slot %zu", r.slot);
    say_text(s, " ", r.path);
    say_text(s, "    ", r.member);
  }
}

/* Of its own for each field; of another kind than its type's where `wrong` is not 0. */
static void fill(evc_event *event, size_t wrong) {
  const evc_event_type *type = evc_event_type_of(event);
  for (size_t slot = 0; slot < evc_event_type_field_count(type); slot++) {
    size_t kind =
        ((size_t)evc_event_type_field(type, slot)->type + wrong * (slot + 1)) % EVC_TYPE_END;
    evc_status status = EVC_OK;
    if (kind == EVC_TYPE_NUMBER)
      status = evc_event_set_number(event, slot, (double)slot * 2.5 - 10);
    if (kind == EVC_TYPE_STRING) status = evc_event_set_string(event, slot, "USD-EUR", slot % 8);
    if (kind == EVC_TYPE_BOOLEAN) status = evc_event_set_boolean(event, slot, slot % 2);
    if (status != EVC_OK && status != EVC_WRONG_KIND) give_up("out of memory");
  }
}

/* On an event without values, one with all, and some with values of wrong kinds. */
static void say_outcomes(const sweep_setting *setting, speech *s,
                         const evc_calculation *calculation) {
  evc_event *event = evc_event_new(setting->type, NULL);
  if (!event) give_up("out of memory");
  for (size_t wrong = 0; wrong < 4; wrong++) {
    evc_outcome o = evc_evaluate(calculation, event);
    say(s, "  is %d %d %s at %u-%u of %s for %s\n", o.value, o.status, sweep_code(o.code),
        (unsigned)o.start, (unsigned)o.end, evc_kind_name((evc_kind)o.found),
        evc_kind_name((evc_kind)o.wanted));
    evc_report *report = evc_outcome_report(calculation, o);
    if (report) say_report(s, report);
    evc_report_free(report);
    fill(event, wrong);
  }
  evc_event_free(event);
}

/* Where warnings are errors and little is allowed. */
static void say_strictly(const sweep_setting *setting, evc_text variant, speech *s) {
  evc_options options = {.deny_warnings = true,
                         .limits = {.text = 100, .depth = 5, .nodes = 16, .arguments = 2}};
  evc_report *report = NULL;
  say(s, "  strictly %d\n",
      evc_validate(setting->type, variant.data, variant.length, &options, &report));
  say_report(s, report);
  evc_report_free(report);
}

/* With all safe fixes, and with guesses too; as it stands, and as it is escaped in JSON. */
static void say_fixed(const sweep_setting *setting, evc_text variant, const evc_options *options,
                      speech *s) {
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_builder b;
  evc_build_init(&b, &arena);
  evc_json_build_inside(&b, variant);
  evc_text written[] = {variant, evc_build_end(&b)};
  for (int way = 0; way < 4; way++) {
    evc_fixing fixing = {setting->type, options, way / 2, &arena, 0};
    evc_text text = written[way % 2];
    evc_status status = evc_fix_written(&fixing, &text, way % 2);
    say(s, "  %zu fixes", fixing.fixes);
    say_text(s, " ", status == EVC_OK ? text : (evc_text){NULL, 0});
  }
  evc_arena_free(&arena);
}

void sweep_calculation(const sweep_setting *setting, evc_text variant, size_t at, speech *s) {
  (void)at;
  evc_options options = {.schema = setting->schema, .trace = true};
  evc_report *report = NULL;
  evc_calculation *calculation =
      evc_compile(setting->type, variant.data, variant.length, &options, &report);
  say_report(s, report);
  if (evc_report_count(report) > 0) say_print(s, report, variant);
  if (calculation) {
    say_parts(s, calculation);
    say_outcomes(setting, s, calculation);
    say_layout(s, variant);
  }
  say_strictly(setting, variant, s);
  if (evc_report_errors(report) > 0) say_fixed(setting, variant, &options, s);
  evc_calculation_free(calculation);
  evc_report_free(report);
}

static void say_completions(speech *s, const evc_completions *found) {
  say(s, "  offers %zu for %zu-%zu of %s\n", found->count, found->range.start, found->range.end,
      evc_type_name(found->expected));
  for (size_t i = 0; i < found->count; i++) {
    const evc_completion *c = &found->items[i];
    say(s, "  %s %s %d", evc_completion_kind_name(c->kind), evc_type_name(c->type), c->fits);
    say_text(s, " ", c->label);
    say_text(s, "    ", c->insert);
    say_text(s, "    ", c->snippet);
    say_text(s, "    ", c->detail);
    say_text(s, "    ", c->documentation);
  }
}

static void say_signature(speech *s, const evc_signature *signature) {
  say(s, "  call %zu-%zu, parameter %zu", signature->name.start, signature->name.end,
      signature->active);
  say_text(s, " ", signature->label);
  say_text(s, "    ", signature->documentation);
  for (size_t i = 0; i < signature->parameter_count; i++) {
    const evc_parameter *p = &signature->parameters[i];
    say(s, "    %zu-%zu", p->start, p->end);
    say_text(s, " ", p->documentation);
  }
}

void sweep_editor(const sweep_setting *setting, evc_text variant, size_t at, speech *s) {
  evc_options options = {.schema = setting->schema};
  evc_editor *editor = evc_editor_new(setting->type, &options);
  if (!editor || evc_editor_set_text(editor, variant.data, variant.length) != EVC_OK)
    give_up("out of memory");
  evc_completions found;
  if (evc_editor_complete(editor, at, &found) == EVC_OK) say_completions(s, &found);
  evc_hover hover;
  if (evc_editor_hover(editor, at, &hover) == EVC_OK) {
    say(s, "  hover %zu-%zu %s", hover.range.start, hover.range.end, evc_type_name(hover.type));
    say_text(s, " ", hover.markdown);
  }
  evc_signature signature;
  if (evc_editor_signature(editor, at, &signature) == EVC_OK) say_signature(s, &signature);
  size_t count;
  const evc_range *ranges;
  if (evc_editor_ranges(editor, at, &ranges, &count) == EVC_OK)
    for (size_t i = 0; i < count; i++) say(s, "  range %zu-%zu\n", ranges[i].start, ranges[i].end);
  const evc_token *tokens = evc_editor_tokens(editor, &count);
  for (size_t i = 0; i < count; i++)
    say(s, "  token %zu-%zu %s\n", tokens[i].start, tokens[i].end,
        evc_token_class_name(tokens[i].kind));
  const evc_symbol *symbols;
  if (evc_editor_symbols(editor, &symbols, &count) == EVC_OK)
    for (size_t i = 0; i < count; i++) {
      say(s, "  symbol %zu-%zu %d %zu", symbols[i].range.start, symbols[i].range.end,
          (int)symbols[i].kind, symbols[i].depth);
      say_text(s, " ", symbols[i].name);
    }
  evc_editor_free(editor);
}

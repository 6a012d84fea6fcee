/* What the seed of random events and calculations makes of it, which is the same everywhere. */
#include <stdlib.h>
#include <string.h>

#include "sweep.h"

static void say_event(speech *s, const char *what, const evc_event *event) {
  evc_text json = evc_event_to_json(event, EVC_EVENT_SHORT, NULL);
  say_text(s, what, json);
  evc_json_free(json, NULL);
}

/* Variants that are no calculation are passed over. */
void sweep_attack(const sweep_setting *setting, evc_text variant, size_t at, speech *s) {
  evc_calculation *calculation =
      evc_compile(setting->type, variant.data, variant.length, NULL, NULL);
  if (!calculation) return;
  evc_attack_options options = {.hostile = at % 3 == 0, .largest = at % 2 ? 1e9 : 0};
  evc_attack *attack = evc_attack_new(calculation, at, &options, NULL);
  evc_event *event = evc_event_new(setting->type, NULL);
  if (!attack || !event || evc_attack_run(attack, 300) == EVC_OUT_OF_MEMORY)
    give_up("out of memory");
  evc_attack_summary found = evc_attack_result(attack);
  say(s, "  %d %d, %zu failures, %zu conditions, %zu covered\n", found.ever_true, found.ever_false,
      found.failures, found.conditions, found.covered);
  for (size_t i = 0; i < found.failures; i++) {
    evc_outcome o = evc_attack_failure(attack, i);
    say(s, "  %d %s %u-%u", o.status, sweep_code(o.code), (unsigned)o.start, (unsigned)o.end);
    if (evc_attack_example(attack, EVC_EXAMPLE_FAILURE, i, event) == EVC_OK)
      say_event(s, " ", event);
  }
  for (size_t i = 0; i < found.conditions; i++) {
    evc_condition c = evc_attack_condition(attack, i);
    say(s, "  %zu-%zu %d %d %d %d %d\n", c.start, c.end, c.reached, c.seen_true, c.seen_false,
        c.decided_true, c.decided_false);
    if (evc_attack_example(attack, EVC_EXAMPLE_DECIDED_TRUE, i, event) == EVC_OK)
      say_event(s, "    true ", event);
    if (evc_attack_example(attack, EVC_EXAMPLE_DECIDED_FALSE, i, event) == EVC_OK)
      say_event(s, "    false ", event);
  }
  if (evc_attack_example(attack, EVC_EXAMPLE_TRUE, 0, event) == EVC_OK)
    say_event(s, "  true ", event);
  if (evc_attack_example(attack, EVC_EXAMPLE_FALSE, 0, event) == EVC_OK)
    say_event(s, "  false ", event);
  evc_event_free(event);
  evc_attack_free(attack);
  evc_calculation_free(calculation);
}

/* The text is what the generator is fed with, and its length the seed. */
void sweep_generator(const sweep_setting *setting, evc_text variant, size_t at, speech *s) {
  evc_generate_options options = {.nodes = (uint32_t)(at % 40),
                                  .depth = (uint32_t)(at % 7),
                                  .line_breaks = at % 2,
                                  .hostile = at % 3 == 0};
  evc_generator *generator = evc_generator_new(setting->type, variant.length, &options, NULL);
  evc_event *event = evc_event_new(setting->type, NULL);
  if (!generator || !event) give_up("out of memory");
  for (int fed = 0; fed < 2; fed++) {
    if (fed) evc_generator_feed(generator, variant.data, variant.length);
    say_text(s, "  valid ", evc_generate_calculation(generator));
    evc_code code;
    evc_text mistake = evc_generate_mistake(generator, &code);
    say(s, "  %s", sweep_code(code));
    say_text(s, " ", mistake);
    if (evc_generate_event(generator, event) != EVC_OK) give_up("out of memory");
    say_event(s, "  event ", event);
    evc_text json = evc_generate_event_json(generator, event, NULL);
    say_text(s, "  json ", json);
    evc_json_free(json, NULL);
  }
  evc_event_free(event);
  evc_generator_free(generator);
}

/* Putting one mistake into a valid calculation. */
#include "generator.h"

#include <string.h>

#include "../base/text.h"

typedef struct mistake {
  evc_code code;
  evc_type type; /* EVC_TYPE_END: the whole */
  const char *text;
} mistake;

#define EVC_TYPE_WHOLE EVC_TYPE_END

static const mistake mistakes[] = {
#define MISTAKE(code, type, text) {EVC_CODE_##code, EVC_TYPE_##type, text},
#include "mistakes.def"
#undef MISTAKE
};

enum { MISTAKES = sizeof mistakes / sizeof *mistakes, ZEROS = 300, OPERAND_DEPTH = 4 };

uint32_t evc_gen_mistake_count(void) {
  return MISTAKES;
}

/* ---- Names with a slip ---------------------------------------------------------------------- */

/* Does it stand below a map, which has members of any name? */
static bool is_member(const evc_generator *g, evc_text name) {
  size_t dot = name.length;
  while (dot > 0 && name.data[dot - 1] != '.') dot--;
  size_t owner = dot ? evc_event_type_slot(g->type, name.data, dot - 1) : EVC_NO_SLOT;
  return owner != EVC_NO_SLOT && evc_event_type_field(g->type, owner)->type == EVC_TYPE_MAP;
}

/* Is it the name of anything? */
static bool is_known(const evc_generator *g, evc_text name) {
  return evc_event_type_slot(g->type, name.data, name.length) != EVC_NO_SLOT ||
         evc_function_find(name.data, name.length) != EVC_FN_END ||
         evc_variable_find(name.data, name.length) ||
         evc_function_is_unavailable(name.data, name.length);
}

/* Where the last name of a path may be changed: behind its first letter, and behind what is not
** ASCII. */
static size_t start_of_slip(evc_text name) {
  size_t start = name.length;
  while (start > 0 && name.data[start - 1] != '.' && (unsigned char)name.data[start - 1] < 0x80)
    start--;
  return start + 1;
}

static evc_text longer(evc_generator *g, evc_text name) {
  evc_builder text;
  evc_build_init(&text, &g->work);
  evc_build_text(&text, name);
  evc_build_string(&text, "Xx");
  return evc_build_end(&text);
}

/* A letter lost, doubled, or put before the one in front of it. */
static evc_text with_slip(evc_generator *g, evc_text name) {
  size_t start = start_of_slip(name);
  if (start + 2 > name.length) return longer(g, name);
  evc_builder text;
  evc_build_init(&text, &g->work);
  size_t at = start + evc_random_below(&g->random, (uint32_t)(name.length - start));
  const char *letter = name.data + at;
  switch (evc_random_below(&g->random, 3)) {
  case 0: evc_build(&text, name.data, at); break;
  case 1:
    evc_build(&text, name.data, at + 1);
    evc_build(&text, letter, 1);
    break;
  default:
    evc_build(&text, name.data, at - 1);
    evc_build(&text, letter, 1);
    evc_build(&text, letter - 1, 1);
    break;
  }
  evc_build(&text, letter + 1, name.length - at - 1);
  return evc_build_end(&text);
}

/* The name with a slip that makes it unknown. Where slips only make other names, it gets longer until
** there is none of its length. */
static evc_text misspelt(evc_generator *g, evc_text name) {
  enum { TRIES = 8 };
  evc_text slip = with_slip(g, name);
  for (int tries = 1; slip.data && is_known(g, slip); tries++)
    slip = tries < TRIES ? with_slip(g, name) : longer(g, slip);
  return slip;
}

/* IN is left out: written otherwise it is a word of other languages. */
static evc_text misspelt_function(evc_generator *g) {
  evc_function function = (evc_function)evc_random_below(&g->random, EVC_FN_END);
  if (evc_functions[function].rule == EVC_RULE_MEMBERSHIP) function = EVC_FN_ISNULL;
  return misspelt(g, evc_text_of(evc_functions[function].name));
}

/* A blank beside the first dot. */
static evc_text broken_path(evc_generator *g, evc_text path) {
  evc_builder text;
  evc_build_init(&text, &g->work);
  size_t dot = 0;
  while (path.data[dot] != '.') dot++;
  bool before = evc_random_chance(&g->random, 1, 2);
  evc_build(&text, path.data, dot);
  evc_build_string(&text, before ? " ." : ". ");
  evc_build(&text, path.data + dot + 1, path.length - dot - 1);
  return evc_build_end(&text);
}

/* ---- Operands ------------------------------------------------------------------------------- */

static const evc_gen_paths *usable_fields(const evc_generator *g) {
  return g->strings.count ? &g->strings : g->numbers.count ? &g->numbers : &g->booleans;
}

static const evc_gen_paths *paths_of(const evc_generator *g, char letter) {
  switch (letter) {
  case 'N': return &g->numbers;
  case 'S': return &g->strings;
  case 'B': return &g->booleans;
  case 'M': return &g->maps;
  case 'A': return &g->opaque;
  case 'X':
  case 'Y': return usable_fields(g);
  default: return NULL;
  }
}

static bool is_ascii(evc_text text) {
  for (size_t i = 0; i < text.length; i++)
    if ((unsigned char)text.data[i] >= 0x80) return false;
  return true;
}

/* Only names with a dot, because a bare one may be a word of another language; braces are recognised
** around ASCII alone; and below a map no name is unknown. */
static bool suits(const evc_generator *g, const mistake *m, evc_text path) {
  if (!memchr(path.data, '.', path.length)) return false;
  switch (m->code) {
  case EVC_CODE_TEMPLATE_BRACES: return is_ascii(path);
  case EVC_CODE_UNKNOWN_FIELD: return !is_member(g, path);
  default: return true;
  }
}

/* One of the paths for a mark, each with equal chances; absent when there is none. */
static evc_text path_for(evc_generator *g, const mistake *m, const evc_gen_paths *paths) {
  evc_text chosen = {NULL, 0};
  uint32_t count = 0;
  for (uint32_t i = 0; i < paths->count; i++)
    if (suits(g, m, paths->list[i]) && evc_random_chance(&g->random, 1, ++count))
      chosen = paths->list[i];
  return chosen;
}

static bool has_suiting(const evc_generator *g, const mistake *m, const evc_gen_paths *paths) {
  for (uint32_t i = 0; i < paths->count; i++)
    if (suits(g, m, paths->list[i])) return true;
  return false;
}

static bool is_possible(const evc_generator *g, const mistake *m) {
  bool name_only = evc_event_type_provenance(g->type) == EVC_NAME_ONLY;
  if (m->code == EVC_CODE_FIELDS_UNKNOWN) return name_only;
  for (const char *at = strchr(m->text, EVC_GEN_MARK); at; at = strchr(at + 2, EVC_GEN_MARK)) {
    const evc_gen_paths *paths = paths_of(g, at[1]);
    if (paths && !has_suiting(g, m, paths)) return false;
  }
  return true;
}

static evc_gen_node *zeros(evc_generator *g) {
  evc_builder text;
  evc_build_init(&text, &g->work);
  evc_build_repeat(&text, '0', ZEROS);
  return evc_gen_leaf(g, EVC_TYPE_NUMBER, evc_build_end(&text));
}

static evc_gen_node *operand_for(evc_generator *g, const mistake *m, char letter,
                                 evc_gen_node *root) {
  uint32_t size = evc_random_below(&g->random, 5) + 1;
  const evc_gen_paths *paths = paths_of(g, letter);
  evc_text path = paths ? path_for(g, m, paths) : (evc_text){"", 0};
  switch (letter) {
  case 'n': return evc_gen_expression(g, EVC_TYPE_NUMBER, size, OPERAND_DEPTH);
  case 's': return evc_gen_expression(g, EVC_TYPE_STRING, size, OPERAND_DEPTH);
  case 'b': return evc_gen_expression(g, EVC_TYPE_BOOLEAN, size + 2, OPERAND_DEPTH);
  case 'c': return root;
  case '0': return zeros(g);
  case 'F': path = misspelt_function(g); break;
  case 'X': path = misspelt(g, path); break;
  case 'Y': path = broken_path(g, path); break;
  default: break;
  }
  return evc_gen_leaf(g, EVC_TYPE_UNKNOWN, path);
}

/* The mistake itself, which may take the whole calculation up. */
static evc_gen_node *made(evc_generator *g, const mistake *m, evc_gen_node *root) {
  evc_gen_node *node = evc_gen_node_new(g, EVC_GEN_MISTAKE, 0, m->type), *last = NULL;
  node->text = evc_text_of(m->text);
  g->exact_types = true; /* what may be of any type is never of the wrong one */
  for (const char *at = strchr(m->text, EVC_GEN_MARK); at; at = strchr(at + 2, EVC_GEN_MARK))
    evc_gen_add(node, &last, operand_for(g, m, at[1], root));
  g->exact_types = false;
  return node;
}

/* ---- Where it goes -------------------------------------------------------------------------- */

/* The places where a part of that type stands, one of which is chosen with equal chances. */
typedef struct places {
  evc_generator *g;
  evc_type type;
  uint32_t count;
  evc_gen_node **chosen;
} places;

static void visit(places *p, evc_gen_node **place) {
  evc_gen_node *node = *place;
  if (node->is_scale) return;
  if (node->type == p->type && evc_random_chance(&p->g->random, 1, ++p->count)) p->chosen = place;
  for (evc_gen_node **operand = &node->first; *operand; operand = &(*operand)->next)
    visit(p, operand);
}

/* The place of a part of that type; NULL when there is none. */
static evc_gen_node **place_for(evc_generator *g, evc_gen_node **root, evc_type type) {
  places p = {.g = g, .type = type};
  visit(&p, root);
  return p.chosen;
}

static void put(evc_gen_node **place, evc_gen_node *node) {
  node->next = (*place)->next;
  *place = node;
}

/* A comparison with it, which can stand for a Boolean. */
static evc_gen_node *comparison_with(evc_generator *g, evc_gen_node *node) {
  evc_gen_node *comparison = evc_gen_node_new(g, EVC_GEN_BINARY, EVC_OP_EQ, EVC_TYPE_BOOLEAN),
               *last = NULL;
  bool number = node->type == EVC_TYPE_NUMBER;
  evc_gen_add(comparison, &last, node);
  evc_gen_add(comparison, &last,
              number ? evc_gen_number(g, 1) : evc_gen_string(g, (evc_text){EVC_LITERAL("USD")}));
  return comparison;
}

evc_gen_node *evc_gen_mistake(evc_generator *g, evc_gen_node *root, uint32_t wanted,
                              evc_code *code) {
  while (!is_possible(g, &mistakes[wanted])) wanted = (wanted + 1) % MISTAKES;
  const mistake *m = &mistakes[wanted];
  *code = m->code;
  evc_gen_node *node = made(g, m, root);
  if (g->out_of_memory || m->type == EVC_TYPE_WHOLE) return node;
  evc_gen_node **place = place_for(g, &root, m->type);
  if (!place) {
    node = comparison_with(g, node);
    place = place_for(g, &root, EVC_TYPE_BOOLEAN);
  }
  if (!g->out_of_memory) put(place, node);
  return root;
}

# Turns the catalogue into a C file of constant tables and checks it on the way:
#
#   cmake -DINPUT=catalogue.txt -DOUTPUT=catalogue.c -P catalogue.cmake
#
# catalogue.txt explains its own format; catalogue.h declares the tables. Whatever is wrong with the
# input stops the build with its line.
cmake_minimum_required(VERSION 3.25)

set(words string double int boolean map array)
set(provenances published inferred derived name-only)

function(fail text)
  message(FATAL_ERROR "${INPUT}:${line_number}: ${text}")
endfunction()

# Write out the entity that the variables `entity`, `events`, `fields` … hold.
macro(finish_entity)
  if(entity)
    if(event_count EQUAL 0)
      fail("${entity} has no events")
    elseif(known AND field_count EQUAL 0)
      fail("${entity} has no fields, so its events can only be name-only")
    elseif(NOT known AND field_count GREATER 0)
      fail("${entity} has fields, but all its events are name-only")
    endif()
    set(field_table NULL)
    if(field_count GREATER 0)
      set(field_table "fields_${entity_count}")
      string(APPEND tables
        "static const evc_catalogue_field fields_${entity_count}[] = {\n${fields}};\n")
    endif()
    string(APPEND tables
      "static const evc_catalogue_event events_${entity_count}[] = {\n${events}};\n\n")
    string(APPEND entities "    {\"${entity}\", ${field_table}, ${field_count}, "
      "events_${entity_count}, ${event_count}},\n")
    math(EXPR entity_count "${entity_count} + 1")
  endif()
endmacro()

file(READ "${INPUT}" rest)
set(line_number 0)
set(entity_count 0)
set(type_count 0)
set(entity "")
set(previous_entity "")
set(tables "")
set(entities "")

while(NOT rest STREQUAL "")
  math(EXPR line_number "${line_number} + 1")
  string(FIND "${rest}" "\n" end)
  if(end LESS 0)
    fail("the last line has no line end")
  endif()
  string(SUBSTRING "${rest}" 0 ${end} line)
  math(EXPR next "${end} + 1")
  string(SUBSTRING "${rest}" ${next} -1 rest)

  if(line STREQUAL "" OR line MATCHES "^#")
    continue()
  elseif(line MATCHES "^([a-z]+[.][a-z]+)$")
    set(name "${CMAKE_MATCH_1}")
    finish_entity()
    if(NOT name STRGREATER previous_entity)
      fail("${name} is given twice or does not stand in order of name")
    endif()
    set(entity "${name}")
    set(previous_entity "${name}")
    set(previous_event "")
    set(previous_field "")
    set(events "")
    set(fields "")
    set(event_count 0)
    set(field_count 0)
    set(known FALSE) # whether the fields of any of its Event types are known
  elseif(line MATCHES "^  ([a-z]+): ([a-z-]+)$")
    set(event "${CMAKE_MATCH_1}")
    set(provenance "${CMAKE_MATCH_2}")
    if(NOT entity)
      fail("the event ${event} stands before any entity")
    elseif(field_count GREATER 0)
      fail("the events of an entity stand before its fields")
    elseif(NOT event STRGREATER previous_event)
      fail("the event ${event} is given twice or does not stand in order of name")
    elseif(NOT provenance IN_LIST provenances)
      fail("${provenance} is no provenance")
    endif()
    set(previous_event "${event}")
    set(has_new false)
    set(has_old false)
    if(NOT provenance STREQUAL "name-only")
      set(known TRUE)
      if(event STREQUAL "created" OR event STREQUAL "updated")
        set(has_new true)
      endif()
      if(event STREQUAL "deleted" OR event STREQUAL "updated")
        set(has_old true)
      endif()
      if(NOT has_new AND NOT has_old)
        fail("no rule gives the fields of ${event} events: they can only be name-only")
      endif()
    endif()
    string(TOUPPER "${provenance}" constant)
    string(REPLACE "-" "_" constant "${constant}")
    string(APPEND events "    {\"${event}\", EVC_${constant}, ${has_new}, ${has_old}},\n")
    math(EXPR event_count "${event_count} + 1")
    math(EXPR type_count "${type_count} + 1")
  elseif(line MATCHES "^  ([A-Za-z_][A-Za-z0-9_]*) ([a-z]+)$")
    set(field "${CMAKE_MATCH_1}")
    set(word "${CMAKE_MATCH_2}")
    if(NOT entity)
      fail("the field ${field} stands before any entity")
    elseif(NOT field STRGREATER previous_field)
      fail("the field ${field} is given twice or does not stand in order of name")
    elseif(NOT word IN_LIST words)
      fail("${word} is no type word")
    endif()
    set(previous_field "${field}")
    string(APPEND fields "    {\"${field}\", \"${word}\"},\n")
    math(EXPR field_count "${field_count} + 1")
  else()
    fail("this is neither an entity, an event nor a field: ${line}")
  endif()
endwhile()
finish_entity()
if(entity_count EQUAL 0)
  fail("there are no entities")
endif()

file(WRITE "${OUTPUT}"
"/* Made from catalogue.txt by catalogue.cmake: change that file instead. */
#include \"schema/catalogue.h\"

${tables}const evc_catalogue_entity evc_catalogue[] = {
${entities}};

const size_t evc_catalogue_entities = ${entity_count};
const size_t evc_catalogue_types = ${type_count};
")

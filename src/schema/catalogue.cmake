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

# Set `at` to the place of a word in the text of all of them, which it joins when it is new.
macro(place word)
  if(NOT DEFINED "place_of_${word}")
    set("place_of_${word}" ${text_length})
    string(REGEX REPLACE "." "'\\0', " letters "${word}")
    string(APPEND text "    ${letters}0,\n")
    string(LENGTH "${word}" length)
    math(EXPR text_length "${text_length} + ${length} + 1")
    if(text_length GREATER 65535)
      fail("the words take more than 16 bits can count")
    endif()
  endif()
  set(at "${place_of_${word}}")
endmacro()

# Write out the entity that the variables `entity`, `event_count`, `field_count` … tell of.
macro(finish_entity)
  if(entity)
    if(event_count EQUAL 0)
      fail("${entity} has no events")
    elseif(known AND field_count EQUAL 0)
      fail("${entity} has no fields, so its events can only be name-only")
    elseif(NOT known AND field_count GREATER 0)
      fail("${entity} has fields, but all its events are name-only")
    endif()
    place(${entity})
    string(APPEND entities
      "    {${at}, ${first_field}, ${first_event}, ${field_count}, ${event_count}}, /* ${entity} */\n")
    math(EXPR entity_count "${entity_count} + 1")
    math(EXPR first_field "${first_field} + ${field_count}")
    math(EXPR first_event "${first_event} + ${event_count}")
  endif()
endmacro()

file(READ "${INPUT}" rest)
set(line_number 0)
set(entity "")
set(previous_entity "")
set(entity_count 0)
set(first_event 0)
set(first_field 0)
set(field_kinds 0)
set(text_length 0)
foreach(table IN ITEMS text fields numbers events entities)
  set(${table} "")
endforeach()

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
    place(${event})
    string(APPEND events "    {${at}, EVC_${constant}, ${has_new}, ${has_old}}, /* ${event} */\n")
    math(EXPR event_count "${event_count} + 1")
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
    if(NOT DEFINED "number_of_${field}_${word}")
      set("number_of_${field}_${word}" ${field_kinds})
      place(${field})
      string(APPEND fields "    {${at}, ")
      place(${word})
      string(APPEND fields "${at}}, /* ${field} ${word} */\n")
      math(EXPR field_kinds "${field_kinds} + 1")
      if(field_kinds GREATER 256)
        fail("there are more different fields than 8 bits can count")
      endif()
    endif()
    string(APPEND numbers "    ${number_of_${field}_${word}},\n")
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

const char evc_catalogue_text[] = {
${text}};

const evc_catalogue_field evc_catalogue_fields[] = {
${fields}};
const size_t evc_catalogue_field_kinds = ${field_kinds};

const uint8_t evc_catalogue_field_numbers[] = {
${numbers}};

const evc_catalogue_event evc_catalogue_events[] = {
${events}};
const size_t evc_catalogue_types = ${first_event};

const evc_catalogue_entity evc_catalogue[] = {
${entities}};
const size_t evc_catalogue_entities = ${entity_count};
")

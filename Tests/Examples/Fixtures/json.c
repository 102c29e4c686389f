#include "json.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct text {
  const char *at, *end;
} text;

static void space(text *in) {
  while (in->at < in->end && strchr(" \t\r\n", *in->at) != NULL) in->at++;
}

/* Steps over a string, from its quote. */
static int skip_string(text *in) {
  for (in->at++; in->at < in->end && *in->at != '"'; in->at++)
    if (*in->at == '\\') in->at++;
  return in->at++ < in->end;
}

/* Steps over one value; 0: it is none. Counts the items of a list, the members of an object. */
static int skip(text *in, uint64_t *count) {
  space(in);
  *count = 0;
  if (in->at >= in->end) return 0;
  if (*in->at == '"') return skip_string(in);
  if (*in->at != '{' && *in->at != '[') {
    const char *from = in->at;
    while (in->at < in->end && strchr(",]} \t\r\n", *in->at) == NULL) in->at++;
    return in->at > from;
  }
  int is_object = *in->at++ == '{';
  for (;;) {
    uint64_t inner;
    space(in);
    if (in->at >= in->end) return 0;
    if (*in->at == '}' || *in->at == ']') return in->at++, 1;
    if (*in->at == ',') in->at++;
    space(in);
    if (is_object) {
      if (in->at >= in->end || *in->at != '"' || !skip_string(in)) return 0;
      space(in);
      if (in->at >= in->end || *in->at++ != ':') return 0;
    }
    if (!skip(in, &inner)) return 0;
    ++*count;
  }
}

/* The item with a number, or the member with a name (as it is written): its value, and where its name is. */
static int child(text value, carillon_str name, uint64_t number, text *found, text *named) {
  int is_object = *value.at++ == '{';
  for (uint64_t place = 0;; place++) {
    uint64_t count;
    space(&value);
    if (value.at < value.end && *value.at == ',') value.at++;
    space(&value);
    if (value.at >= value.end || *value.at == '}' || *value.at == ']') return 0;
    if (is_object) {
      named->at = value.at;
      if (!skip_string(&value)) return 0;
      named->end = value.at;
      space(&value);
      value.at++;
      space(&value);
    }
    text item = {value.at, value.end};
    if (!skip(&value, &count)) return 0;
    item.end = value.at;
    int fits = !is_object || name.ptr == NULL
                 ? place == number
                 : named->end - named->at == (long)name.len + 2 && memcmp(named->at + 1, name.ptr, name.len) == 0;
    if (fits) return *found = item, 1;
  }
}

static uint64_t number_of(const char *at, const char *end) {
  uint64_t value = 0;
  for (; at < end && *at >= '0' && *at <= '9'; at++) value = value * 10 + (uint64_t)(*at - '0');
  return value;
}

static carillon_status find(carillon_str document, carillon_str pointer, text *value) {
  uint64_t count;
  text all = {document.ptr, document.ptr + document.len};
  space(&all);
  *value = all;
  if (!skip(&all, &count)) return CARILLON_INVALID;
  value->end = all.at;
  const char *at = pointer.ptr, *end = pointer.ptr + pointer.len;
  while (at < end) {
    const char *name = ++at;
    while (at < end && *at != '/') at++;
    text named;
    if (*value->at != '{' && *value->at != '[') return CARILLON_NOT_FOUND;
    uint64_t number = number_of(name, at); /* of a list's item; an object goes by names */
    if (!child(*value, (carillon_str){name, (size_t)(at - name)}, number, value, &named)) return CARILLON_NOT_FOUND;
  }
  return CARILLON_OK;
}

static carillon_status get(void *context, carillon_str document, carillon_str pointer, carillon_json *value,
                           carillon_error *error) {
  (void)context, (void)error;
  text found;
  carillon_status status = find(document, pointer, &found);
  if (status != CARILLON_OK) return status;
  char number[64];
  snprintf(number, sizeof number, "%.*s", (int)(found.end - found.at), found.at);
  text copy = found;
  skip(&copy, &value->count);
  switch (*found.at) {
  case '{': value->kind = CARILLON_JSON_OBJECT; break;
  case '[': value->kind = CARILLON_JSON_ARRAY; break;
  case '"':
    value->kind = CARILLON_JSON_STRING;
    value->count = (uint64_t)(found.end - found.at) - 2;
    break;
  case 'n': value->kind = CARILLON_JSON_NULL; break;
  case 't':
  case 'f':
    value->kind = CARILLON_JSON_BOOL;
    value->integer = *found.at == 't';
    break;
  default:
    value->kind = strpbrk(number, ".eE") == NULL ? CARILLON_JSON_INTEGER : CARILLON_JSON_NUMBER;
    value->integer = strtoll(number, NULL, 10);
    value->number = strtod(number, NULL);
  }
  return CARILLON_OK;
}

/* Gives a string without its quotes, its simple escapes resolved; anything else as it is written. */
static void give(text value, carillon_take_text take, void *context) {
  size_t length = (size_t)(value.end - value.at), used = 0;
  char *copy = malloc(length + 1);
  if (copy == NULL) abort();
  int is_string = *value.at == '"';
  for (size_t i = is_string; i < length - is_string; i++) {
    char byte = value.at[i];
    if (is_string && byte == '\\') {
      byte = value.at[++i];
      if (byte == 'n') byte = '\n';
      if (byte == 't') byte = '\t';
    }
    copy[used++] = byte;
  }
  take(context, (carillon_str){copy, used});
  free(copy);
}

static carillon_status as_text(void *context, carillon_str document, carillon_str pointer, carillon_take_text take,
                               void *take_context, carillon_error *error) {
  (void)context, (void)error;
  text found;
  carillon_status status = find(document, pointer, &found);
  if (status == CARILLON_OK) give(found, take, take_context);
  return status;
}

static carillon_status name_of(void *context, carillon_str document, carillon_str pointer, uint64_t index,
                               carillon_take_text take, void *take_context, carillon_error *error) {
  (void)context, (void)error;
  text found, value, named;
  carillon_status status = find(document, pointer, &found);
  if (status != CARILLON_OK) return status;
  if (*found.at != '{' || !child(found, (carillon_str){NULL, 0}, index, &value, &named)) return CARILLON_NOT_FOUND;
  give(named, take, take_context);
  return CARILLON_OK;
}

static carillon_status quote(void *context, carillon_str from, carillon_take_text take, void *take_context) {
  (void)context;
  char *made = malloc(from.len * 6 + 3);
  if (made == NULL) abort();
  size_t used = 0;
  made[used++] = '"';
  for (size_t i = 0; i < from.len; i++) {
    unsigned char byte = (unsigned char)from.ptr[i];
    if (byte < 0x20) used += (size_t)sprintf(made + used, "\\u%04x", byte);
    else if (byte == '"' || byte == '\\') used += (size_t)sprintf(made + used, "\\%c", byte);
    else made[used++] = (char)byte;
  }
  made[used++] = '"';
  take(take_context, (carillon_str){made, used});
  free(made);
  return CARILLON_OK;
}

const carillon_host_json_1 driver_json = {sizeof driver_json, 0, NULL, get, as_text, name_of, quote};

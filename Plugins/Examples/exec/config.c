#include "config.h"
#include <stdio.h>
#include <stdlib.h>

/* Takes a text as a C string of its own; one with a NUL in it cannot be an argument. */
static void keep(void *context, carillon_str text) {
  char **copy = context;
  bool has_nul = text.len > 0 && memchr(text.ptr, '\0', text.len) != NULL;
  *copy = has_nul ? NULL : strndup(text.len > 0 ? text.ptr : "", text.len);
}

static carillon_status read_text(carillon_str document, const char *pointer, const char *otherwise, char **value,
                                 carillon_error *error) {
  carillon_status status = json->text(json->context, document, str(pointer), keep, value, error);
  if (status == CARILLON_NOT_FOUND) {
    *value = strdup(otherwise);
    status = CARILLON_OK;
  }
  if (status != CARILLON_OK || *value != NULL) return status;
  host->violation(error, str(pointer), str("text"), str("cannot be used: it has a NUL in it, or there is no memory"));
  return CARILLON_INVALID;
}

static carillon_status read_list(carillon_str document, const char *pointer, char **list, size_t most, size_t *count,
                                 carillon_error *error) {
  carillon_json found = {.struct_size = sizeof found};
  *count = 0;
  carillon_status status = json->get(json->context, document, str(pointer), &found, error);
  if (status == CARILLON_NOT_FOUND) return CARILLON_OK;
  for (uint64_t i = 0; status == CARILLON_OK && i < found.count && i < most; i++) {
    char item[64];
    snprintf(item, sizeof item, "%s/%llu", pointer, (unsigned long long)i);
    status = read_text(document, item, "", &list[i], error);
    if (status == CARILLON_OK) ++*count;
  }
  return status;
}

static carillon_status read_integer(carillon_str document, const char *pointer, int64_t otherwise, int64_t *value,
                                    carillon_error *error) {
  carillon_json found = {.struct_size = sizeof found};
  carillon_status status = json->get(json->context, document, str(pointer), &found, error);
  *value = status == CARILLON_OK ? found.integer : otherwise;
  return status == CARILLON_NOT_FOUND ? CARILLON_OK : status;
}

carillon_status config_read(carillon_str document, config *to, carillon_error *error) {
  size_t words = 0;
  int64_t seconds = 30, children = 4;
  char *input = NULL;
  *to = (config){0};
  carillon_status status = read_list(document, "/command", to->words, WORDS_MOST, &words, error);
  if (status == CARILLON_OK)
    status = read_list(document, "/environment", to->variables, VARIABLES_MOST, &to->variable_count, error);
  if (status == CARILLON_OK) status = read_text(document, "/directory", "/", &to->directory, error);
  if (status == CARILLON_OK) status = read_text(document, "/input", "text", &input, error);
  if (status == CARILLON_OK) status = read_integer(document, "/time_limit_seconds", 30, &seconds, error);
  if (status == CARILLON_OK) status = read_integer(document, "/children", 4, &children, error);
  if (status == CARILLON_OK) {
    to->is_json = strcmp(input, "json") == 0;
    to->limit_ns = seconds * 1000000000;
    to->children_most = (uint32_t)children;
    if (words == 0) status = CARILLON_INVALID;
  }
  free(input);
  if (status != CARILLON_OK) config_free(to);
  return status;
}

void config_free(config *of) {
  for (size_t i = 0; i < WORDS_MOST; i++) free(of->words[i]);
  for (size_t i = 0; i < VARIABLES_MOST; i++) free(of->variables[i]);
  free(of->directory);
  *of = (config){0};
}

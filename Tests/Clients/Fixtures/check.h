/* The little that tests need. */
#ifndef CHECK_H
#define CHECK_H

#include <carillon/services.h>
#include <stdbool.h>
#include <stdint.h>

/* Counts and tells what does not hold; the test goes on. */
#define EXPECT(condition) expect(condition, #condition, __FILE__, __LINE__)
/* The same, and leaves the function. */
#define REQUIRE(condition) \
  do { \
    if (!EXPECT(condition)) return; \
  } while (0)

bool expect(bool holds, const char *text, const char *file, int line);

/* Whether a failure has this code and reason; tells what it is when not. Frees it. */
#define EXPECT_FAILURE(failure, code, reason) expect_failure(failure, code, reason, __FILE__, __LINE__)
bool expect_failure(carillon_failure *failure, carillon_code code, const char *reason, const char *file, int line);

/* From run.py: the port of a server, "localhost:PORT" in a static buffer; a file of its folder. */
const char *place(const char *name);
char *pem(const char *name);

int64_t now_ms(void);
void sleep_ms(int64_t duration);

/* A client of a place with a certificate of the folder (NULL: none). */
carillon_client *client_of(const char *name, const char *certificate);

/* How often tests that repeat something do it; fewer under valgrind. */
int times(int count);

/* One call that must be answered; its name comes back. */
bool get_queue(carillon_client *client, const char *name, int64_t deadline_ms, carillon_failure **failure);

/* The groups. */
void test_units(void);
void test_options(void);
void test_calls(void);
void test_failures(void);
void test_security(void);
void test_limits(void);
void test_streams(void);
void test_imports(void);
void test_threads(void);
void test_every_method(void);

#endif

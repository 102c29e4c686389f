/* Sets the locale of the whole process. */
#include <locale.h>
#define AT_START setlocale(LC_ALL, "C.UTF-8"); setlocale(LC_NUMERIC, "POSIX");
#include "sink.h"

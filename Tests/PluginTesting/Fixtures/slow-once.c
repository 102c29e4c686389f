/* What a busy machine may do to a sink that is right: in one process of all, a call takes longer than it may. MARK is a file
 * that says that this was. */
#include <fcntl.h>
#define AT_DEACTIVATE \
  int mark = open(MARK, O_CREAT | O_EXCL | O_WRONLY, 0600); \
  if (mark >= 0) { \
    close(mark); \
    sleep(30); \
  }
#include "../Wrong/sink.h"

/* Numbers of system calls that not every platform, or not every system's headers, have. */
#ifndef SYSCALLS_H
#define SYSCALLS_H

#include <sys/syscall.h>

/* Of a call that the platform does not have. */
#define ABSENT (-1)

/* Newer than some headers; the numbers are the same on all platforms. */
#define NUMBER_fchmodat2 452

/* The newest call that is known here. What a later kernel adds is refused as not there. */
#define NUMBER_NEWEST 462

/* Only older platforms have these. */
#ifndef SYS_chmod
#define SYS_chmod ABSENT
#endif
#ifndef SYS_chown
#define SYS_chown ABSENT
#endif
#ifndef SYS_creat
#define SYS_creat ABSENT
#endif
#ifndef SYS_fork
#define SYS_fork ABSENT
#endif
#ifndef SYS_futimesat
#define SYS_futimesat ABSENT
#endif
#ifndef SYS_ioperm
#define SYS_ioperm ABSENT
#endif
#ifndef SYS_iopl
#define SYS_iopl ABSENT
#endif
#ifndef SYS_lchown
#define SYS_lchown ABSENT
#endif
#ifndef SYS_link
#define SYS_link ABSENT
#endif
#ifndef SYS_mkdir
#define SYS_mkdir ABSENT
#endif
#ifndef SYS_mknod
#define SYS_mknod ABSENT
#endif
#ifndef SYS_modify_ldt
#define SYS_modify_ldt ABSENT
#endif
#ifndef SYS_open
#define SYS_open ABSENT
#endif
#ifndef SYS_rename
#define SYS_rename ABSENT
#endif
#ifndef SYS_renameat
#define SYS_renameat ABSENT
#endif
#ifndef SYS_rmdir
#define SYS_rmdir ABSENT
#endif
#ifndef SYS_symlink
#define SYS_symlink ABSENT
#endif
#ifndef SYS_unlink
#define SYS_unlink ABSENT
#endif
#ifndef SYS_uselib
#define SYS_uselib ABSENT
#endif
#ifndef SYS_utime
#define SYS_utime ABSENT
#endif
#ifndef SYS_utimes
#define SYS_utimes ABSENT
#endif
#ifndef SYS_vfork
#define SYS_vfork ABSENT
#endif

#endif

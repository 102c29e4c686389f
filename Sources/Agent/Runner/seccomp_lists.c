/* System calls that are refused whole. What is not named here or in seccomp_tests.c is allowed. */
#define _GNU_SOURCE
#include <errno.h>

#include "seccomp.h"
#include "syscalls.h"

/* What no plugin needs: other processes, the machine, and ways around this filter. */
static const int never[] = {
  /* Other processes. */
  SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_process_madvise, SYS_process_mrelease, SYS_kcmp,
  SYS_pidfd_getfd, SYS_tkill, SYS_migrate_pages, SYS_move_pages,
  /* Mounts and namespaces. */
  SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_open_tree, SYS_move_mount, SYS_fsopen, SYS_fsconfig,
  SYS_fsmount, SYS_fspick, SYS_mount_setattr, SYS_unshare, SYS_setns,
  /* The kernel. */
  SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_init_module, SYS_finit_module, SYS_delete_module,
  SYS_kexec_load, SYS_kexec_file_load, SYS_iopl, SYS_ioperm, SYS_modify_ldt, SYS_lookup_dcookie, SYS_syslog,
  SYS_fanotify_init, SYS_open_by_handle_at,
  /* Keys. */
  SYS_add_key, SYS_request_key, SYS_keyctl,
  /* The machine. */
  SYS_reboot, SYS_swapon, SYS_swapoff, SYS_settimeofday, SYS_clock_settime, SYS_clock_adjtime, SYS_adjtimex,
  SYS_sethostname, SYS_setdomainname, SYS_acct, SYS_quotactl, SYS_quotactl_fd, SYS_vhangup, SYS_uselib,
  /* Limits. */
  SYS_setrlimit,
  /* Memory and queues that outlive the process, or are another's of the same user. */
  SYS_shmget, SYS_shmat, SYS_shmctl, SYS_semget, SYS_semctl, SYS_semop, SYS_semtimedop, SYS_msgget, SYS_msgctl,
  SYS_msgsnd, SYS_msgrcv,
};

/* As if the kernel were older: callers have another way, which can be told apart by its arguments. */
static const int not_there[] = {
  SYS_clone3, SYS_openat2, SYS_pidfd_send_signal, SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
};

static const int processes[] = {SYS_fork, SYS_vfork, SYS_execve, SYS_execveat};

static const int sockets[] = {SYS_socket, SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4};

/* What changes files by name, or the attributes of an open one. Writing to an open file is allowed: none can be opened
 * for it. */
static const int files[] = {
  SYS_creat, SYS_mkdir, SYS_mkdirat, SYS_rmdir, SYS_mknod, SYS_mknodat, SYS_rename, SYS_renameat, SYS_renameat2,
  SYS_link, SYS_linkat, SYS_symlink, SYS_symlinkat, SYS_unlink, SYS_unlinkat, SYS_truncate,
  SYS_chmod, SYS_fchmod, SYS_fchmodat, NUMBER_fchmodat2, SYS_chown, SYS_fchown, SYS_lchown, SYS_fchownat,
  SYS_utime, SYS_utimes, SYS_futimesat, SYS_utimensat,
  SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr,
  SYS_mq_open, SYS_mq_unlink,
};

#define LIST(when, error, numbers) {when, error, numbers, sizeof(numbers) / sizeof *(numbers)}

const seccomp_list seccomp_lists[] = {
  LIST(ALWAYS, EPERM, never),
  LIST(ALWAYS, ENOSYS, not_there),
  LIST(WITHOUT_EXEC, EPERM, processes),
  LIST(WITHOUT_NETWORK, EPERM, sockets),
  LIST(WITHOUT_FILES, EPERM, files),
};
const size_t seccomp_list_count = sizeof seccomp_lists / sizeof *seccomp_lists;

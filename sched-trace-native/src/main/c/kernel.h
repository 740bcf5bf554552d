/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The kernel types and members that the programs read. CO-RE relocates each access to the layout of the running
 * kernel (Documentation/bpf/llvm_reloc.rst), so the order and size of the members here do not matter.
 */
#ifndef SCHEDTRACE_KERNEL_H
#define SCHEDTRACE_KERNEL_H

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u64 __be64;
typedef __u16 __sum16;
typedef __u32 __wsum;
typedef _Bool bool;
#define true 1
#define false 0

/* uapi/linux/bpf.h */
enum {
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_SK_STORAGE = 24,
	BPF_MAP_TYPE_RINGBUF = 27,
	BPF_MAP_TYPE_TASK_STORAGE = 29,
};
enum {
	BPF_F_NO_PREALLOC = 1U << 0,
	BPF_F_CLONE = 1U << 9,
	BPF_F_MMAPABLE = 1U << 10,
};
enum { BPF_LOCAL_STORAGE_GET_F_CREATE = 1U << 0 };
enum { BPF_RB_NO_WAKEUP = 1U << 0, BPF_RB_FORCE_WAKEUP = 1U << 1 };
enum { BPF_RB_AVAIL_DATA = 0, BPF_RB_PROD_POS = 3 };

#define AF_INET 2
#define AF_INET6 10
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define IPPROTO_MPTCP 262
#define EPIPE 32
#define EADDRNOTAVAIL 99
#define ECONNRESET 104
#define ETIMEDOUT 110
#define ECONNREFUSED 111
#define SIGNAL_GROUP_EXIT 4	/* linux/sched/signal.h */
#define PF_USER_WORKER 0x4000	/* include/linux/sched.h: a thread that the kernel has created in a process */
#define PF_IO_WORKER 0x10	/* the same for io_uring only; also before 6.4 */
#define SOCK_DEAD_BIT 0		/* enum sock_flags, net/sock.h */
#define SOCK_DONE_BIT 1

/* net/tcp_states.h */
enum {
	TCP_ESTABLISHED = 1,
	TCP_SYN_SENT,
	TCP_SYN_RECV,
	TCP_FIN_WAIT1,
	TCP_FIN_WAIT2,
	TCP_TIME_WAIT,
	TCP_CLOSE,
	TCP_CLOSE_WAIT,
	TCP_LAST_ACK,
	TCP_LISTEN,
	TCP_CLOSING,
};

/* The registers at a uprobe: arch/x86/include/asm/ptrace.h, arch/arm64/include/uapi/asm/ptrace.h. */
#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di;
};
#define PARAMETER_1(regs) ((regs)->di)
#define PARAMETER_4(regs) ((regs)->cx)
#define RETURN_VALUE(regs) ((regs)->ax)
#elif defined(__TARGET_ARCH_arm64)
struct pt_regs {
	__u64 regs[31];
};
#define PARAMETER_1(regs) ((regs)->regs[0])
#define PARAMETER_4(regs) ((regs)->regs[3])
#define RETURN_VALUE(regs) ((regs)->regs[0])
#endif

struct bpf_map {
	__u32 id;
};

/*
 * The registers at a system call, and the numbers of the calls that receive: arch/.../include/asm/ptrace.h and
 * unistd.h.
 */
#if defined(__TARGET_ARCH_x86)
#define CALL_NUMBER(regs) ((regs)->orig_ax)
#define CALL_PARAMETER_2(regs) ((regs)->si)
#define CALL_PARAMETER_3(regs) ((regs)->dx)
enum {
	CALL_READ = 0,
	CALL_READV = 19,
	CALL_RECVFROM = 45,
	CALL_RECVMSG = 47,
	CALL_RECVMMSG = 299,
	CALL_PREADV2 = 327,
};
#elif defined(__TARGET_ARCH_arm64)
#define CALL_NUMBER(regs) ((regs)->syscallno)
#define CALL_PARAMETER_2(regs) ((regs)->regs[1])
#define CALL_PARAMETER_3(regs) ((regs)->regs[2])
enum {
	CALL_READ = 63,
	CALL_READV = 65,
	CALL_RECVFROM = 207,
	CALL_RECVMSG = 212,
	CALL_RECVMMSG = 243,
	CALL_PREADV2 = 286,
};
#endif

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

#if defined(__TARGET_ARCH_x86)
struct pt_regs___call {
	unsigned long orig_ax, si, dx;
};
#elif defined(__TARGET_ARCH_arm64)
struct pt_regs___call {
	__u64 regs[31];
	int syscallno;
};
#endif

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	int owned;
} socket_lock_t;

typedef struct {
	unsigned int val;
} kuid_t;

typedef struct {
	unsigned int val;
} kgid_t;

typedef struct {
	__u64 val;			/* before 6.3 two of __u32 */
} kernel_cap_t;

struct ns_common {
	unsigned int inum;
};

struct user_namespace {
	struct user_namespace *parent;
	struct ns_common ns;
	kuid_t owner;
};

struct cred {
	kuid_t uid, euid, suid;
	kgid_t gid, egid, sgid;
	kernel_cap_t cap_permitted, cap_effective;
	struct user_namespace *user_ns;
};

struct upid {
	int nr;
};

struct pid {
	unsigned int level;
	struct upid numbers[1];
};

struct qstr {
	const unsigned char *name;
};

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	struct path f_path;
};

struct fs_struct {
	struct path root;
};

typedef struct {
	unsigned long __mm_flags[1];
} mm_flags_t;

struct mm_struct {
	struct file *exe_file;
	unsigned long arg_start, arg_end, env_start, env_end;
	mm_flags_t flags;
};

struct mm_struct___word {		/* before 6.18 */
	unsigned long flags;
};

struct sched_entity {
	__u64 sum_exec_runtime;
};

struct signal_struct {
	atomic_t live;
	unsigned int flags;
	int group_exit_code;
	unsigned long long sum_sched_runtime;
	unsigned long maxrss;
};

struct bpf_local_storage;
struct task_exec_state;

struct nsproxy {
	struct net *net_ns;
};

struct task_struct {
	unsigned int flags;
	int pid, tgid;
	int exit_code;
	__u32 self_exec_id;
	__u64 start_time;
	char comm[16];
	struct pid *thread_pid;
	struct task_struct *group_leader;
	struct mm_struct *mm;
	struct fs_struct *fs;
	struct signal_struct *signal;
	struct nsproxy *nsproxy;
	const struct cred *cred, *real_cred;
	struct task_exec_state *exec_state;
	struct sched_entity se;
	struct bpf_local_storage *bpf_storage;
};

struct user_struct {
	kuid_t uid;
};

struct bpf_prog_aux {
	struct user_struct *user;
	char name[16];
};

struct bpf_prog {
	struct bpf_prog_aux *aux;
};

struct linux_binprm {
	const char *filename;
	unsigned int secureexec : 1;
};

struct in6_addr {
	union {
		__u8 u6_addr8[16];
		__be32 u6_addr32[4];
	} in6_u;
};

struct net {
	struct ns_common ns;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct sock_common {
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	__be16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	volatile unsigned char skc_state;
	int skc_bound_dev_if;
	unsigned long skc_flags;
	possible_net_t skc_net;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
};

struct sk_buff;

struct sk_buff_head {
	struct sk_buff *prev;
	__u32 qlen;
};

struct sock_extended_err {
	__u32 ee_errno;
};

struct sock_exterr_skb {
	struct sock_extended_err ee;
};

struct sock {
	struct sock_common __sk_common;
	socket_lock_t sk_lock;
	__u16 sk_protocol;
	int sk_err;
	struct sk_buff_head sk_error_queue;
};

struct inet_sock {
	__be16 inet_sport;
};

struct inet_connection_sock {
	struct inet_sock icsk_inet;
};

struct list_head {
	struct list_head *next;
};

struct tcp_sock {
	struct inet_connection_sock inet_conn;
	struct list_head tsorted_sent_queue;
	__u32 snd_una;
	__u32 snd_nxt;
	__u32 write_seq;
	__u64 bytes_acked;
	__u64 bytes_received;
	__u32 srtt_us;
	__u8 fastopen_connect : 1;
	__u32 total_retrans;
	__u32 segs_in;
	__u32 segs_out;
};

struct sk_buff {
	unsigned int len, data_len;
	__u16 transport_header, network_header;
	unsigned char *head, *data;
	char cb[48];
};

#pragma clang attribute pop

#endif

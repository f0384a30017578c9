/*
 * fs.h - the few file operations the node needs: directories, small files, the atomic writer.
 *
 * Threads: any, but one at a time for one directory.
 * Fails:   ERR_INTERNAL with the path and the system's words; ERR_NOT_FOUND for files that are not
 *          there.
 * Tests:   tests/unit/agent/test_fs.c
 */
#ifndef AGENT_FS_H
#define AGENT_FS_H

#include "base/value.h"

typedef struct Err Err;

int fs_mkdirs(const char *path, unsigned mode, Err *err) MUST_CHECK;
int fs_read(const char *path, size_t limit, Buf *out, Err *err) MUST_CHECK; /* its first bytes */
int fs_read_end(const char *path, size_t limit, Buf *out, Err *err) MUST_CHECK; /* its last ones */
/* A plain file of somebody else's directory: links lead nowhere out of it, and nothing that is no
 * plain file is opened. One of more than `limit` bytes is refused. */
int fs_read_beneath(const char *root, const char *path, size_t limit, Buf *out,
                    Err *err) MUST_CHECK;
/* A setting of the kernel's; one that it does not know, or does not take, is logged. */
void fs_set_sysctl(const char *path, const char *value);
/* By a temporary name and rename. */
int fs_write(const char *path, Slice data, unsigned mode, Err *err) MUST_CHECK;
/* Everything below and the directory itself; follows no link, leaves other file systems alone. */
void fs_remove_tree(const char *path);

/* Gives everything below `dir` to the group: readable, writable, directories inherited. Links are
 * left alone. only_if_root_differs: not when the directory itself is right already. */
int fs_own_tree(const char *dir, int64_t gid, bool only_if_root_differs, Err *err) MUST_CHECK;

/* Bytes on disk below `dir`, of this file system only; *budget counts files down, at 0 it ends. */
int64_t fs_usage(const char *dir, int64_t *budget);

/* A file system in memory on `dir`, unless there is one already; where the kernel can, one that is
 * not swapped out, as the kubelet makes it. options: "mode=0755,size=..." */
int fs_mount_memory(const char *dir, const char *options, Err *err) MUST_CHECK;

/*
 * Replace what a volume directory shows, all at once for a reader who goes through ..data:
 *
 *   DIR/key -> ..data/key       DIR/..data -> ..HASH       DIR/..HASH/key
 *
 * files: {"path/in/volume": {"data": BYTES, "mode": 420, "uid": 1000}}; gid < 0: files stay root's.
 * Nothing happens when the content is the same. 1: it was changed, 0: it was not.
 */
int fs_publish(const char *dir, const Value *files, int64_t gid, Err *err) MUST_CHECK;

#endif

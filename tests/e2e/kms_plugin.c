/*
 * kms_plugin SOCKET CONTROL - the KMS v2 plug-in of tests/lib as a program. The file CONTROL says how
 * it is: "well|denies|sick KEY FIRST-KEY", read again ten times a second.
 */
#include "tests/lib/kms_plugin.h"

#include <signal.h>

static void read_control(Plugin *p, const char *path)
{
    char mood[16];
    int key, first;
    FILE *f = fopen(path, "r");

    if (!f)
        return;
    if (fscanf(f, "%15s %d %d", mood, &key, &first) == 3) {
        p->key = key;
        p->first_key = first;
        p->mood = strcmp(mood, "denies") == 0 ? PLUGIN_DENIES : strcmp(mood, "sick") == 0 ? PLUGIN_SICK : PLUGIN_WELL;
    }
    fclose(f);
}

int main(int argc, char **argv)
{
    static Plugin p = {.key = 1, .first_key = 1};

    if (argc != 3 || strlen(argv[1]) >= sizeof(p.path))
        return 2;
    memcpy(p.path, argv[1], strlen(argv[1]) + 1);
    signal(SIGPIPE, SIG_IGN);
    read_control(&p, argv[2]);
    if (!plugin_start(&p))
        return 1;
    for (;;) {
        usleep(100 * 1000);
        read_control(&p, argv[2]);
    }
}

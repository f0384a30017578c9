#include "vcluster/podstandards.h"

#include "tests/unit/test.h"

#define C(name, more) "{'name':'" name "'" more "}"
#define SC(more)      ",'securityContext':{" more "}"
#define POD(more)     "{'spec':{" more "}}"
#define BASE(more)    POD("'containers':[" C("c", more) "]")
/* what restricted asks of a container */
#define GOOD                                                                                       \
    "'allowPrivilegeEscalation':false,'capabilities':{'drop':['ALL']},'runAsNonRoot':true,"        \
    "'seccompProfile':{'type':'RuntimeDefault'}"
#define FINE(more) POD("'containers':[" C("c", SC(GOOD)) "]" more)
#define UNSAFE                                                                                     \
    "allowPrivilegeEscalation != false (container \"c\" must set "                                 \
    "securityContext.allowPrivilegeEscalation=false)"

enum { LATEST = POD_STANDARDS_LATEST };

static const struct {
    const char *pod;
    PodLevel level;
    int version;
    const char *want; /* "" fine */
} rows[] = {
    {BASE(""), LEVEL_BASELINE, LATEST, ""},
    {BASE(SC("'privileged':true")), LEVEL_PRIVILEGED, LATEST, ""},
    {POD("'hostNetwork':true,'hostIPC':true,'hostPID':false"), LEVEL_BASELINE, LATEST,
     "host namespaces (hostNetwork=true, hostIPC=true)"},
    {POD("'initContainers':[" C("i", SC("'privileged':true")) "],'containers':[" C(
         "c", SC("'privileged':true")) "]"),
     LEVEL_BASELINE, LATEST,
     "privileged (containers \"i\", \"c\" must not set securityContext.privileged=true)"},
    {BASE(SC("'capabilities':{'add':['SYS_TIME','CHOWN','NET_RAW']}")), LEVEL_BASELINE, LATEST,
     "non-default capabilities (container \"c\" must not include \"NET_RAW\", \"SYS_TIME\" in "
     "securityContext.capabilities.add)"},
    {POD("'volumes':[{'name':'b','hostPath':{}},{'name':'a','hostPath':{}},{'name':'x'}]"),
     LEVEL_BASELINE, LATEST, "hostPath volumes (volumes \"b\", \"a\")"},
    {BASE(",'ports':[{'hostPort':8080},{'hostPort':443},{'containerPort':1}]"), LEVEL_BASELINE,
     LATEST, "hostPort (container \"c\" uses hostPorts 443, 8080)"},
    {POD("'containers':[" C("b", ",'ports':[{'hostPort':80}]") "," C(
         "a", ",'ports':[{'hostPort':80}]") "]"),
     LEVEL_BASELINE, LATEST, "hostPort (containers \"b\", \"a\" use hostPort 80)"},
    {POD("'containers':[" C("b", ",'livenessProbe':{'tcpSocket':{'host':'z'}}") "," C(
         "a", ",'lifecycle':{'preStop':{'httpGet':{'host':'127.0.0.1'}}}") "]"),
     LEVEL_BASELINE, LATEST,
     "probe or lifecycle host (containers \"a\", \"b\" use probe or lifecycle hosts \"127.0.0.1\", "
     "\"z\")"},
    {BASE(",'livenessProbe':{'tcpSocket':{'host':'z'}}"), LEVEL_BASELINE, 33, ""},
    {BASE(SC("'procMount':'Unmasked'")), LEVEL_BASELINE, LATEST,
     "procMount (container \"c\" must not set securityContext.procMount to \"Unmasked\")"},
    {POD("'hostUsers':false,'containers':[" C("c", SC("'procMount':'Unmasked'")) "]"),
     LEVEL_BASELINE, LATEST, ""},
    {POD("'hostUsers':false,'containers':[" C("c", SC("'procMount':'Unmasked'")) "]"),
     LEVEL_BASELINE, 34,
     "procMount (container \"c\" must not set securityContext.procMount to \"Unmasked\")"},
    {POD("'hostUsers':false,'containers':[" C("c", SC(GOOD ",'procMount':'Unmasked'")) "]"),
     LEVEL_RESTRICTED, LATEST,
     "procMount (container \"c\" must not set securityContext.procMount to \"Unmasked\")"},
    {POD("'securityContext':{'seLinuxOptions':{'type':'b','role':'r'}},'containers':[" C(
         "c", SC("'seLinuxOptions':{'type':'a','user':'u'}")) "]"),
     LEVEL_BASELINE, LATEST,
     "seLinuxOptions (pod and container \"c\" set forbidden securityContext.seLinuxOptions: types "
     "\"a\", \"b\"; user may not be set; role may not be set)"},
    {BASE(SC("'seLinuxOptions':{'type':'container_engine_t'}")), LEVEL_BASELINE, LATEST, ""},
    {BASE(SC("'seLinuxOptions':{'type':'container_engine_t'}")), LEVEL_BASELINE, 30,
     "seLinuxOptions (container \"c\" set forbidden securityContext.seLinuxOptions: type "
     "\"container_engine_t\")"},
    {POD("'securityContext':{'seccompProfile':{'type':'Unconfined'}},'containers':[" C(
         "c", SC("'seccompProfile':{'type':'Unconfined'}")) "]"),
     LEVEL_BASELINE, LATEST,
     "seccompProfile (pod and container \"c\" must not set securityContext.seccompProfile.type to "
     "\"Unconfined\")"},
    {"{'metadata':{'annotations':{'seccomp.security.alpha.kubernetes.io/pod':'unconfined'}},"
     "'spec':{}}",
     LEVEL_BASELINE, 18,
     "seccompProfile (forbidden annotation "
     "seccomp.security.alpha.kubernetes.io/pod=\"unconfined\")"},
    {POD("'securityContext':{'sysctls':[{'name':'kernel.msgmax'},{'name':'net.ipv4.tcp_rmem'},"
         "{'name':'kernel.shm_rmid_forced'}]}"),
     LEVEL_BASELINE, 31, "forbidden sysctls (kernel.msgmax, net.ipv4.tcp_rmem)"},
    {POD("'securityContext':{'sysctls':[{'name':'net.ipv4.tcp_rmem'}]}"), LEVEL_BASELINE, LATEST,
     ""},
    {POD("'securityContext':{'windowsOptions':{'hostProcess':true}}"), LEVEL_BASELINE, LATEST,
     "hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)"},
    {"{'metadata':{'annotations':{'container.apparmor.security.beta.kubernetes.io/c':'unconfined'}}"
     ",'spec':{'securityContext':{'appArmorProfile':{'type':'Unconfined'}}}}",
     LEVEL_BASELINE, LATEST,
     "forbidden AppArmor profiles (pod and annotation must not set AppArmor profile type to "
     "\"Unconfined\", \"container.apparmor.security.beta.kubernetes.io/c=\"unconfined\"\")"},
    /* restricted: baseline first, without what is replaced */
    {FINE(""), LEVEL_RESTRICTED, LATEST, ""},
    {POD("'hostNetwork':true,'containers':[" C(
         "c", SC("'capabilities':{'drop':['ALL'],'add':['NET_ADMIN']},'runAsNonRoot':true,"
                 "'seccompProfile':{'type':'Localhost'}")) "]"),
     LEVEL_RESTRICTED, LATEST,
     "host namespaces (hostNetwork=true), " UNSAFE ", unrestricted capabilities (container \"c\" "
     "must not include \"NET_ADMIN\" in securityContext.capabilities.add)"},
    {FINE(",'volumes':[{'name':'v','hostPath':{}},{'name':'w','nfs':{}},{'name':'i','image':{}}]"),
     LEVEL_RESTRICTED, LATEST,
     "restricted volume types (volumes \"v\", \"w\" use restricted volume types \"hostPath\", "
     "\"nfs\")"},
    {FINE(",'securityContext':{'runAsUser':0}"), LEVEL_RESTRICTED, LATEST,
     "runAsUser=0 (pod must not set runAsUser=0)"},
    {FINE(",'securityContext':{'runAsUser':0}"), LEVEL_RESTRICTED, 22, ""},
    {FINE(",'hostUsers':false,'securityContext':{'runAsUser':0,'runAsNonRoot':false}"),
     LEVEL_RESTRICTED, LATEST, ""},
    {FINE(",'securityContext':{'runAsNonRoot':false}"), LEVEL_RESTRICTED, LATEST,
     "runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)"},
    {POD("'os':{'name':'windows'},'securityContext':{'runAsNonRoot':true},'containers':[" C(
         "c", "") "]"),
     LEVEL_RESTRICTED, LATEST, ""},
    {POD("'os':{'name':'windows'},'securityContext':{'runAsNonRoot':true},'containers':[" C(
         "c", "") "]"),
     LEVEL_RESTRICTED, 24,
     UNSAFE ", unrestricted capabilities (container \"c\" must set "
            "securityContext.capabilities.drop=[\"ALL\"]), seccompProfile (pod or container \"c\" "
            "must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")"},
    {BASE(SC("'capabilities':{'add':['NET_RAW']},'runAsNonRoot':true")), LEVEL_RESTRICTED, 7,
     "non-default capabilities (container \"c\" must not include \"NET_RAW\" in "
     "securityContext.capabilities.add)"},
};

TEST(pods_violate_what_upstream_says_they_do)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const Value *pod = value_literal(a, rows[i].pod);
        AUTO_BUF out = BUF_INIT;

        podstandards_check(a, rows[i].level, rows[i].version, value_get(pod, "metadata"),
                           value_get(pod, "spec"), false, &out);
        assert_string_equal(buf_str(&out), rows[i].want);
    }
}

TEST(a_brief_answer_has_reasons_only)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *pod =
        value_literal(a, POD("'hostPID':true,'containers':[" C("c", SC("'privileged':true")) "]"));
    AUTO_BUF out = BUF_INIT;

    podstandards_check(a, LEVEL_BASELINE, LATEST, NULL, value_get(pod, "spec"), true, &out);
    assert_string_equal(buf_str(&out), "host namespaces, privileged");
}

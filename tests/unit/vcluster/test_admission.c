/* In-process admission and the node authoriser, through the whole engine. */
#include "base/b64.h"
#include "base/pki.h"
#include "tests/unit/vcluster/rows.h"

static const char *const node_groups[] = {"system:nodes", "system:authenticated", NULL};
static const User node_n = {.name = "system:node:n", .uid = "", .groups = node_groups};
static const User node_void = {.name = "system:node:", .uid = "", .groups = node_groups};
static const User dev = {.name = "dev", .uid = "", .groups = nobody};

#define NS      "/api/v1/namespaces/default"
#define PODS    NS "/pods"
#define DRY     "dryRun=All"
#define A(rest) "{'metadata':{'name':'a'}," rest "}"
#define POD(more)                                                                                  \
    "{'metadata':{'name':'p'},'spec':{'automountServiceAccountToken':false,'containers':["         \
    "{'name':'c','image':'i'}]" more "}}"
#define CLASS(name, value, more) "{'metadata':{'name':'" name "'},'value':" value more "}"

/* ---- pods ---- */

TEST(pods_get_priorities_and_keep_them)
{
    static const char classes[] = "/apis/scheduling.k8s.io/v1/priorityclasses";
    static const Row rows[] = {
        {&admin, "POST", classes, "", CLASS("low", "5", ",'globalDefault':true"), 201, NULL, NULL,
         NULL},
        {&admin, "POST", classes, "", CLASS("two", "6", ",'globalDefault':true"), 403,
         "PriorityClass low is already marked as default. Only one default can exist", NULL, NULL},
        {&admin, "PATCH", "/apis/scheduling.k8s.io/v1/priorityclasses/low", "",
         "{'description':'x'}", 200, NULL, NULL, NULL},
        {&admin, "POST", classes, "", CLASS("high", "900", ",'preemptionPolicy':'Never'"), 201,
         NULL, NULL, NULL},
        {&admin, "POST", PODS, DRY, POD(""), 201, NULL, "spec.priority", "5"},
        {&admin, "POST", PODS, DRY, POD(",'priorityClassName':'high'"), 201, NULL,
         "spec.preemptionPolicy", "Never"},
        {&admin, "POST", PODS, DRY, POD(",'priorityClassName':'none'"), 403,
         "no PriorityClass with name none was found", NULL, NULL},
        {&admin, "POST", PODS, DRY, POD(",'priorityClassName':'high','priority':1"), 403,
         "the integer value of priority (1) must not be provided in pod spec; priority admission "
         "controller computed 900 from the given PriorityClass name",
         NULL, NULL},
        {&admin, "POST", PODS, DRY,
         POD(",'priorityClassName':'high','preemptionPolicy':'PreemptLowerPriority'"), 403,
         "the string value of PreemptionPolicy (PreemptLowerPriority) must not be provided", NULL,
         NULL},
        {&admin, "POST", PODS, "", POD(""), 201, NULL, NULL, NULL},
        {&admin, "PATCH", PODS "/p", DRY, "{'spec':{'priority':null,'preemptionPolicy':null}}", 200,
         NULL, "spec.priority", "5"},
    };

    run_rows("priorities", rows, ARRAY_LEN(rows));
}

TEST(accounts_decide_what_their_pods_see)
{
    static const Row rows[] = {
        {&admin, "POST", NS "/serviceaccounts", "",
         "{'metadata':{'name':'bot','annotations':{'kubernetes.io/enforce-mountable-secrets':"
         "'true'}},'secrets':[{'name':'mine'}],'imagePullSecrets':[{'name':'pull'}]}",
         201, NULL, NULL, NULL},
        {&admin, "POST", PODS, DRY, POD(",'serviceAccountName':'bot'"), 201, NULL,
         "spec.imagePullSecrets.0.name", "pull"},
        {&admin, "POST", PODS, DRY,
         POD(",'serviceAccountName':'bot','volumes':[{'name':'v','secret':{'secretName':'mine'}}]"),
         201, NULL, NULL, NULL},
        {&admin, "POST", PODS, DRY,
         POD(",'serviceAccountName':'bot','volumes':[{'name':'v','secret':{'secretName':'x'}}]"),
         403,
         "volume with secret.secretName='x' is not allowed because service account bot does not "
         "reference that secret",
         NULL, NULL},
        {&admin, "POST", PODS, DRY,
         POD(",'serviceAccountName':'bot','initContainers':[{'name':'i','image':'i','env':[{'name':"
             "'E','valueFrom':{'secretKeyRef':{'name':'x','key':'k'}}}]}]"),
         403,
         "init container i with envVar E referencing secret.secretName='x' is not allowed because "
         "service account bot does not reference that secret",
         NULL, NULL},
        {&admin, "POST", PODS, DRY,
         POD(",'serviceAccountName':'bot','imagePullSecrets':[{'name':'other'}]"), 403,
         "imagePullSecrets[0].name='other' is not allowed because service account bot does not "
         "reference that imagePullSecret",
         NULL, NULL},
        {&admin, "POST", PODS, DRY, POD(",'serviceAccountName':'ghost'"), 403,
         "error looking up service account default/ghost: serviceaccount 'ghost' not found", NULL,
         NULL},
        {&admin, "POST", PODS, DRY,
         "{'metadata':{'name':'m','annotations':{'kubernetes.io/config.mirror':'x'}},'spec':{"
         "'nodeName':'n','serviceAccountName':'bot','containers':[{'name':'c','image':'i'}]}}",
         403, "a mirror pod may not reference service accounts", NULL, NULL},
        {&admin, "POST", PODS, DRY,
         "{'metadata':{'name':'t'},'spec':{'containers':[{'name':'c','image':'i'}],'volumes':[{"
         "'name':'kube-api-access-x','emptyDir':{}}]}}",
         201, NULL, "spec.containers.0.volumeMounts.0.name", "kube-api-access-x"},
    };

    run_rows("accounts", rows, ARRAY_LEN(rows));
}

TEST(runtime_classes_bring_overhead_and_place)
{
    static const char classes[] = "/apis/node.k8s.io/v1/runtimeclasses";
    static const Row rows[] = {
        {&admin, "POST", classes, "",
         "{'metadata':{'name':'vm'},'handler':'vm','overhead':{'podFixed':{'memory':'1Gi'}},"
         "'scheduling':{'nodeSelector':{'kvm':'yes'},'tolerations':[{'key':'kvm','operator':"
         "'Exists'}]}}",
         201, NULL, NULL, NULL},
        {&admin, "POST", classes, "", "{'metadata':{'name':'plain'},'handler':'plain'}", 201, NULL,
         NULL, NULL},
        {&admin, "POST", PODS, DRY, POD(",'runtimeClassName':'vm'"), 201, NULL,
         "spec.overhead.memory", "1Gi"},
        {&admin, "POST", PODS, DRY, POD(",'runtimeClassName':'vm','overhead':{'memory':'1024Mi'}"),
         201, NULL, "spec.nodeSelector.kvm", "yes"},
        {&admin, "POST", PODS, DRY, POD(",'runtimeClassName':'vm','overhead':{'memory':'2Gi'}"),
         403, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead", NULL,
         NULL},
        {&admin, "POST", PODS, DRY, POD(",'runtimeClassName':'vm','nodeSelector':{'kvm':'no'}"),
         403,
         "conflict: runtimeClass.scheduling.nodeSelector[kvm] = yes; pod.spec.nodeSelector[kvm] = "
         "no",
         NULL, NULL},
        {&admin, "POST", PODS, DRY, POD(",'runtimeClassName':'plain','overhead':{'cpu':'1'}"), 403,
         "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead", NULL,
         NULL},
        {&admin, "POST", PODS, DRY, POD(",'runtimeClassName':'ghost'"), 403,
         "pod rejected: RuntimeClass 'ghost' not found", NULL, NULL},
    };

    run_rows("runtimes", rows, ARRAY_LEN(rows));
}

TEST(limits_speak_after_validation)
{
    static const Row rows[] = {
        {&admin, "POST", NS "/limitranges", "",
         "{'metadata':{'name':'l'},'spec':{'limits':[{'type':'Container','default':{'cpu':'1'},"
         "'max':{'cpu':'2'}}]}}",
         201, NULL, NULL, NULL},
        {&admin, "POST", PODS, DRY, POD(""), 201, NULL, "spec.containers.0.resources.limits.cpu",
         "1"},
        {&admin, "POST", PODS, DRY, POD(",'restartPolicy':'x'"), 422, NULL, NULL, NULL},
        {&admin, "POST", PODS, DRY,
         "{'metadata':{'name':'p'},'spec':{'automountServiceAccountToken':false,'containers':[{"
         "'name':'c','image':'i','resources':{'limits':{'cpu':'3'}}}]}}",
         403, "maximum cpu usage per Container is 2, but limit is 3", NULL, NULL},
    };

    run_rows("limits", rows, ARRAY_LEN(rows));
}

TEST(a_stricter_namespace_names_its_offenders)
{
    static const char ns[] = "/api/v1/namespaces/default";
    static const Row rows[] = {
        {&admin, "PATCH", ns, "",
         "{'metadata':{'labels':{'pod-security.kubernetes.io/warn-version'"
         ":'v1.05'}}}",
         422, "must be 'latest' or 'v1.x'", NULL, NULL},
        {&admin, "PATCH", ns, "",
         "{'metadata':{'labels':{'pod-security.kubernetes.io/enforce':'restricted',"
         "'pod-security.kubernetes.io/enforce-version':'v1.30'}}}",
         200, NULL, NULL, NULL},
        {&admin, "POST", PODS, DRY, POD(""), 403,
         "violates PodSecurity 'restricted:v1.30': allowPrivilegeEscalation != false", NULL, NULL},
        {&admin, "POST", "/apis/apps/v1/namespaces/default/deployments", DRY,
         "{'metadata':{'name':'d'},'spec':{'selector':{'matchLabels':{'a':'b'}},'template':{"
         "'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}}",
         201, NULL, NULL, NULL},
    };

    run_rows("standards", rows, ARRAY_LEN(rows));
}

/* ---- storage ---- */

TEST(claims_get_classes_and_finalizers)
{
    static const char classes[] = "/apis/storage.k8s.io/v1/storageclasses";
    static const char claims[] = NS "/persistentvolumeclaims";
#define CLAIM(more)                                                                                \
    "{'metadata':{'name':'v'},'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{"   \
    "'storage':'1Gi'}}" more "}}"
    static const Row rows[] = {
        {&admin, "POST", claims, DRY, CLAIM(""), 201, NULL, "spec.storageClassName", ""},
        {&admin, "POST", classes, "",
         "{'metadata':{'name':'fast','annotations':{'storageclass.kubernetes.io/is-default-class':"
         "'true'}},'provisioner':'x','allowVolumeExpansion':true}",
         201, NULL, NULL, NULL},
        {&admin, "POST", claims, DRY, CLAIM(",'storageClassName':''"), 201, NULL,
         "spec.storageClassName", ""},
        {&admin, "POST", claims, "", CLAIM(""), 201, NULL, "spec.storageClassName", "fast"},
        {&admin, "GET", NS "/persistentvolumeclaims/v", "", NULL, 200, NULL, "metadata.finalizers",
         "['kubernetes.io/pvc-protection']"},
        {&admin, "PATCH", NS "/persistentvolumeclaims/v", "",
         "{'spec':{'resources':{'requests':{'storage':'2Gi'}}}}", 422,
         "spec is immutable after creation", NULL, NULL},
        {&admin, "PATCH", NS "/persistentvolumeclaims/v/status", "", "{'status':{'phase':'Bound'}}",
         200, NULL, NULL, NULL},
        {&admin, "PATCH", NS "/persistentvolumeclaims/v", "",
         "{'spec':{'resources':{'requests':{'storage':'2Gi'}}}}", 200, NULL, NULL, NULL},
        {&admin, "PATCH", "/apis/storage.k8s.io/v1/storageclasses/fast", "",
         "{'allowVolumeExpansion':false}", 200, NULL, NULL, NULL},
        {&admin, "PATCH", NS "/persistentvolumeclaims/v", "",
         "{'spec':{'resources':{'requests':{'storage':'3Gi'}}}}", 403,
         "only dynamically provisioned pvc can be resized and the storageclass that provisions the "
         "pvc must support resize",
         NULL, NULL},
        {&admin, "POST", "/api/v1/persistentvolumes", DRY,
         A("'spec':{'capacity':{'storage':'1Gi'},'accessModes':['ReadWriteOnce'],'hostPath':{"
           "'path':'/x'}}"),
         201, NULL, "metadata.finalizers", "['kubernetes.io/pv-protection']"},
        {&admin, "POST", "/apis/networking.k8s.io/v1/ingressclasses", "",
         "{'metadata':{'name':'web','annotations':{'ingressclass.kubernetes.io/is-default-class':"
         "'true'}},'spec':{'controller':'x.io/c'}}",
         201, NULL, NULL, NULL},
        {&admin, "POST", "/apis/networking.k8s.io/v1/namespaces/default/ingresses", DRY,
         A("'spec':{'defaultBackend':{'service':{'name':'s','port':{'number':80}}}}"), 201, NULL,
         "spec.ingressClassName", "web"},
    };

    run_rows("storage", rows, ARRAY_LEN(rows));
}

/* ---- nodes ---- */

#define MIRROR(more)                                                                               \
    "{'metadata':{'name':'m','annotations':{'kubernetes.io/config.mirror':'x'}" more

TEST(nodes_write_themselves_and_no_more)
{
    static const Row rows[] = {
        {&node_void, "POST", "/api/v1/nodes", "", "{'metadata':{'name':'x'}}", 403, NULL, NULL,
         NULL},
        {&node_n, "POST", "/api/v1/nodes", "", "{'metadata':{'name':'x'}}", 403,
         "node 'n' is not allowed to modify node 'x'", NULL, NULL},
        {&node_n, "POST", "/api/v1/nodes", "",
         "{'metadata':{'name':'n','labels':{'a.kubernetes.io/x':'1','node-restriction.kubernetes.io"
         "/y':'1','example.com/z':'1'}}}",
         403,
         "node 'n' is not allowed to set the following labels: a.kubernetes.io/x, "
         "node-restriction.kubernetes.io/y",
         NULL, NULL},
        {&node_n, "POST", "/api/v1/nodes", "",
         "{'metadata':{'name':'n','labels':{'kubernetes.io/hostname':'n'}}}", 201, NULL,
         "spec.taints.0.key", "node.kubernetes.io/not-ready"},
        {&node_n, "PATCH", "/api/v1/nodes/n", "", "{'spec':{'taints':null}}", 403,
         "node 'n' is not allowed to modify taints", NULL, NULL},
        {&node_n, "PATCH", "/api/v1/nodes/n", "", "{'metadata':{'labels':{'k8s.io/x':'1'}}}", 403,
         "is not allowed to modify labels: k8s.io/x", NULL, NULL},
        {&node_n, "PATCH", "/api/v1/nodes/n/status", "",
         "{'status':{'conditions':[{'type':'Ready','status':'True'}]}}", 200, NULL, NULL, NULL},
        {&node_n, "GET", "/api/v1/nodes/x", "", NULL, 403,
         "node 'n' cannot read 'x', only its own Node object", NULL, NULL},
        {&node_n, "GET", "/api/v1/nodes", "", NULL, 403,
         "node 'n' cannot read all nodes, only its own Node object", NULL, NULL},
        {&node_n, "GET", "/api/v1/nodes/n", "", NULL, 200, NULL, NULL, NULL},
        {&node_n, "POST", PODS, "", POD(""), 403,
         "pod does not have 'kubernetes.io/config.mirror' annotation, node 'n' can only create "
         "mirror pods",
         NULL, NULL},
        {&node_n, "POST", PODS, "",
         MIRROR("},'spec':{'nodeName':'x','containers':[{'name':'c','image':'i'}]}}"), 403,
         "node 'n' can only create pods with spec.nodeName set to itself", NULL, NULL},
        {&node_n, "POST", PODS, "",
         MIRROR("},'spec':{'nodeName':'n','containers':[{'name':'c','image':'i'}]}}"), 403,
         "node 'n' can only create pods with an owner reference set to itself", NULL, NULL},
        {&node_n, "POST", PODS, "",
         MIRROR(",'ownerReferences':[{'apiVersion':'v1','kind':'Node','name':'n','uid':'u',"
                "'controller':true}]},'spec':{'nodeName':'n','containers':[{'name':'c','image':'i'"
                "}]}}"),
         403, "node n UID mismatch: expected u got ", NULL, NULL},
        {&node_n, "POST", "/apis/coordination.k8s.io/v1/namespaces/default/leases", "",
         "{'metadata':{'name':'n'},'spec':{}}", 403,
         "can only access leases in the 'kube-node-lease' system namespace", NULL, NULL},
        {&node_n, "POST", "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases", "",
         "{'metadata':{'name':'x'},'spec':{}}", 403,
         "can only access node lease with the same name as the requesting node", NULL, NULL},
        {&node_n, "POST", "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases", "",
         "{'metadata':{'name':'n'},'spec':{}}", 201, NULL, NULL, NULL},
        {&node_n, "POST", "/apis/storage.k8s.io/v1/csinodes", "",
         "{'metadata':{'name':'x'},'spec':{'drivers':[]}}", 403,
         "can only access CSINode with the same name as the requesting node", NULL, NULL},
    };

    run_rows("nodes", rows, ARRAY_LEN(rows));
}

TEST(nodes_read_what_their_pods_refer_to)
{
    static const Row rows[] = {
        {&admin, "POST", NS "/secrets", "", "{'metadata':{'name':'s'}}", 201, NULL, NULL, NULL},
        {&admin, "POST", NS "/secrets", "", "{'metadata':{'name':'volume'}}", 201, NULL, NULL,
         NULL},
        {&admin, "POST", NS "/configmaps", "", "{'metadata':{'name':'m'}}", 201, NULL, NULL, NULL},
        {&node_n, "GET", NS "/secrets/s", "", NULL, 403,
         "no relationship found between node 'n' and this object", NULL, NULL},
        {&admin, "POST", PODS, "",
         POD(",'nodeName':'n','volumes':[{'name':'v','secret':{'secretName':'s'}},{'name':'c',"
             "'persistentVolumeClaim':{'claimName':'data'}}]"),
         201, NULL, NULL, NULL},
        {&admin, "POST", "/api/v1/persistentvolumes", "",
         "{'metadata':{'name':'pv'},'spec':{'capacity':{'storage':'1Gi'},'accessModes':["
         "'ReadWriteOnce'],'claimRef':{'namespace':'default','name':'data'},'csi':{'driver':'d.io',"
         "'volumeHandle':'h','nodeStageSecretRef':{'namespace':'default','name':'volume'}}}}",
         201, NULL, NULL, NULL},
        {&node_n, "GET", NS "/secrets/s", "", NULL, 200, NULL, NULL, NULL},
        {&node_n, "GET", NS "/secrets", "fieldSelector=metadata.name%3Ds", NULL, 200, NULL, NULL,
         NULL},
        {&node_n, "GET", NS "/secrets/volume", "", NULL, 200, NULL, NULL, NULL},
        {&node_n, "GET", "/api/v1/persistentvolumes/pv", "", NULL, 200, NULL, NULL, NULL},
        {&node_n, "GET", NS "/persistentvolumeclaims/data", "", NULL, 404, NULL, NULL, NULL},
        {&node_n, "GET", NS "/configmaps/m", "", NULL, 403, NULL, NULL, NULL},
        {&node_n, "GET", NS "/secrets", "", NULL, 403, "No Object name found", NULL, NULL},
        {&node_n, "DELETE", NS "/secrets/s", "", NULL, 403, "can only read resources of this type",
         NULL, NULL},
        {&node_n, "GET", "/api/v1/pods", "fieldSelector=spec.nodeName%3Dn", NULL, 200, NULL,
         "items.0.metadata.name", "p"},
        {&node_n, "GET", "/api/v1/pods", "fieldSelector=spec.nodeName%3Dx", NULL, 403,
         "can only list/watch pods with spec.nodeName field selector", NULL, NULL},
        {&node_n, "GET", PODS "/p", "", NULL, 200, NULL, NULL, NULL},
        {&node_n, "GET", NS "/services", "", NULL, 200, NULL, NULL, NULL},
        {&node_n, "GET", "/apis/apps/v1/deployments", "", NULL, 403, NULL, NULL, NULL},
        {&node_n, "PATCH", PODS "/p/status", "", "{'metadata':{'labels':{'a':'b'}}}", 403,
         "node 'n' cannot update labels through pod status", NULL, NULL},
        {&node_n, "POST", NS "/serviceaccounts/default/token", "", "{'spec':{}}", 403,
         "node requested token not bound to a pod", NULL, NULL},
        {&node_n, "POST", NS "/serviceaccounts/default/token", "",
         "{'spec':{'boundObjectRef':{'kind':'Pod','apiVersion':'v1','name':'p'}}}", 403,
         "node requested token with a pod binding without a uid", NULL, NULL},
        {&node_n, "POST", NS "/pods/ghost/eviction", "", "{'metadata':{'name':'ghost'}}", 404,
         "pod 'ghost' not found", NULL, NULL},
        {&dev, "GET", NS "/secrets/s", "", NULL, 403, "User 'dev' cannot get", NULL, NULL},
    };

    run_rows("graph", rows, ARRAY_LEN(rows));
}

/* ---- certificates ---- */

TEST(only_signers_sign)
{
    static const char roles[] = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
    static const char bindings[] = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
    static const char csrs[] = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    static const char one[] = "/apis/certificates.k8s.io/v1/certificatesigningrequests/r/status";
    static const char failed[] = "{'status':{'conditions':[{'type':'Failed','status':'True'}]}}";
    static const Row rows[] = {
        {&admin, "POST", roles, "",
         "{'metadata':{'name':'status'},'rules':[{'apiGroups':['certificates.k8s.io'],'resources':["
         "'certificatesigningrequests/status'],'verbs':['update','patch']}]}",
         201, NULL, NULL, NULL},
        {&admin, "POST", bindings, "",
         "{'metadata':{'name':'status'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':"
         "'ClusterRole','name':'status'},'subjects':[{'kind':'User','apiGroup':"
         "'rbac.authorization.k8s.io','name':'dev'}]}",
         201, NULL, NULL, NULL},
        {&admin, "POST", csrs, "", NULL, 201, NULL, NULL, NULL},
        {&dev, "PATCH", one, "", failed, 403,
         "user not permitted to sign requests with signerName 'example.com/a'", NULL, NULL},
        {&dev, "PATCH", one, "", "{'metadata':{'labels':{'a':'b'}}}", 200, NULL, NULL, NULL},
        {&admin, "POST", roles, "",
         "{'metadata':{'name':'signer'},'rules':[{'apiGroups':['certificates.k8s.io'],'resources':["
         "'signers'],'resourceNames':['example.com/*'],'verbs':['sign']}]}",
         201, NULL, NULL, NULL},
        {&admin, "POST", bindings, "",
         "{'metadata':{'name':'signer'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':"
         "'ClusterRole','name':'signer'},'subjects':[{'kind':'User','apiGroup':"
         "'rbac.authorization.k8s.io','name':'dev'}]}",
         201, NULL, NULL, NULL},
        {&dev, "PATCH", one, "", failed, 200, NULL, NULL, NULL},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        CLEANUP(pki_key_free) PkiKey *key = NULL;
        AUTO_BUF pem = BUF_INIT, text = BUF_INIT;
        Row row = rows[i];

        if (!row.body) {
            assert_ok(pki_key_new(&key, NULL));
            assert_ok(pki_csr_write(&(PkiSubject){.cn = "x"}, key, &pem, NULL));
            b64_encode(buf_slice(&pem), &text);
            row.body = arena_printf(a,
                                    "{'metadata':{'name':'r'},'spec':{'request':'%s','signerName':"
                                    "'example.com/a','usages':['client auth']}}",
                                    buf_str(&text));
        }
        run_rows("signers", &row, 1);
    }
}

/* ---- the end of a pod ---- */

#define ON(name, node)                                                                             \
    "{'metadata':{'name':'" name                                                                   \
    "'},'spec':{'automountServiceAccountToken':false,'nodeName':'" node                            \
    "','containers':[{'name':'c','image':'i'}]}}"
#define PHASE(phase) "{'status':{'phase':'" phase "'}}"

TEST(a_pod_that_has_ended_on_a_shared_node_does_not_begin_again)
{
    static const Row rows[] = {
        {&admin, "POST", PODS, "", ON("a", "shared"), 201, NULL, NULL, NULL},
        {&admin, "PATCH", PODS "/a/status", "", PHASE("Running"), 200, NULL, "status.phase",
         "Running"},
        {&admin, "PATCH", PODS "/a/status", "", PHASE("Failed"), 200, NULL, "status.phase",
         "Failed"},
        {&admin, "PATCH", PODS "/a/status", "",
         "{'status':{'phase':'Running','message':'m','conditions':[{'type':'X','status':'True'}]}}",
         200, NULL, "status.phase", "Failed"},
        {&admin, "GET", PODS "/a", "", NULL, 200, NULL, "status.message", "m"},
        {&admin, "POST", PODS, "", ON("b", "mine"), 201, NULL, NULL, NULL},
        {&admin, "PATCH", PODS "/b/status", "", PHASE("Succeeded"), 200, NULL, NULL, NULL},
        {&admin, "PATCH", PODS "/b/status", "", PHASE("Running"), 200, NULL, "status.phase",
         "Running"},
    };

    CLEANUP(arena_free) Arena *arena = arena_new();
    Answer made;

    need_tenant(arena, "ends");
    made = call_as(arena, &admin, "host", "POST", "/api/v1/nodes", "", "application/json",
                   "{\"metadata\":{\"name\":\"shared\"}}");
    assert_int_equal(made.status, 201);
    run_rows("ends", rows, ARRAY_LEN(rows));
}

/* Every command of hpctl: words, flags and help in one row each. */
#include "cli/cli.h"

// clang-format off
#define OUTPUT     {"output", 'o', FLAG_STRING, NULL, NULL, "json|yaml|name|wide|jsonpath=...|custom-columns=..."}
#define SELECTOR   {"selector", 'l', FLAG_STRING, NULL, NULL, "label selector: key=value,key!=value,key in (a,b)"}
#define FILENAME   {"filename", 'f', FLAG_LIST, NULL, NULL, "file, folder or - to read objects from"}, \
                   {"recursive", 'R', FLAG_BOOL, NULL, NULL, "descend into folders of -f"}
#define ALL_NS     {"all-namespaces", 'A', FLAG_BOOL, NULL, NULL, "of all namespaces"}
#define DRY_RUN    {"dry-run", 0, FLAG_STRING, "none", "unchanged", "none|client|server: do not store"}
#define WRITE      DRY_RUN, \
                   {"field-manager", 0, FLAG_STRING, NULL, NULL, "owner of the fields that are set"}, \
                   {"validate", 0, FLAG_STRING, "strict", "strict", "strict|warn|ignore unknown fields"}, \
                   OUTPUT

const Flag global_flags[] = {
    {"kubeconfig", 0, FLAG_STRING, NULL, NULL, "kubeconfig file (also $KUBECONFIG, ~/.kube/config)"},
    {"context", 0, FLAG_STRING, NULL, NULL, "context of the kubeconfig to use"},
    {"namespace", 'n', FLAG_STRING, NULL, NULL, "namespace"},
    {"server", 's', FLAG_STRING, NULL, NULL, "address of the API server"},
    {"token", 0, FLAG_STRING, NULL, NULL, "bearer token"},
    {"tls-server-name", 0, FLAG_STRING, NULL, NULL, "name to check the server's certificate for"},
    {"insecure-skip-tls-verify", 0, FLAG_BOOL, NULL, NULL, "do not check the server's certificate"},
    {"request-timeout", 0, FLAG_STRING, NULL, NULL, "seconds to wait for an answer"},
    {"as", 0, FLAG_STRING, NULL, NULL, "user to impersonate"},
    {"as-group", 0, FLAG_LIST, NULL, NULL, "group to impersonate"},
    {"show-managed-fields", 0, FLAG_BOOL, NULL, NULL, "keep managedFields in json and yaml"},
    {"help", 'h', FLAG_BOOL, NULL, NULL, "help of the command"},
    {0}};

static const Flag get_flags[] = {
    OUTPUT, SELECTOR, FILENAME, ALL_NS,
    {"field-selector", 0, FLAG_STRING, NULL, NULL, "field selector: status.phase=Running"},
    {"watch", 'w', FLAG_BOOL, NULL, NULL, "show changes as they come"},
    {"watch-only", 0, FLAG_BOOL, NULL, NULL, "only changes, no list first"},
    {"no-headers", 0, FLAG_BOOL, NULL, NULL, "no header line"},
    {"show-labels", 0, FLAG_BOOL, NULL, NULL, "labels as last column"},
    {"label-columns", 'L', FLAG_LIST, NULL, NULL, "labels whose values are columns: app,team"},
    {"chunk-size", 0, FLAG_STRING, "500", NULL, "objects of a list to ask for at once; 0: all"},
    {"sort-by", 0, FLAG_STRING, NULL, NULL, "JSONPath to sort by: .metadata.creationTimestamp"},
    {"ignore-not-found", 0, FLAG_BOOL, NULL, NULL, "a missing object is no error"},
    {"subresource", 0, FLAG_STRING, NULL, NULL, "status or scale"},
    {"raw", 0, FLAG_STRING, NULL, NULL, "GET this path and print the answer"},
    {0}};
static const Flag describe_flags[] = {SELECTOR, FILENAME, ALL_NS, {0}};
static const Flag create_flags[] = {
    FILENAME, WRITE,
    {"from-literal", 0, FLAG_LIST, NULL, NULL, "configmap, secret: KEY=VALUE"},
    {"from-file", 0, FLAG_LIST, NULL, NULL, "configmap, secret: [KEY=]FILE or folder"},
    {"from-env-file", 0, FLAG_LIST, NULL, NULL, "configmap, secret: file of KEY=VALUE lines"},
    {"type", 0, FLAG_STRING, NULL, NULL, "secret: its type"},
    {"service-type", 0, FLAG_STRING, "ClusterIP", NULL, "service: ClusterIP, NodePort"},
    {"tcp", 0, FLAG_LIST, NULL, NULL, "service: PORT[:TARGETPORT]"},
    {"image", 0, FLAG_STRING, NULL, NULL, "deployment, job: image"},
    {"replicas", 'r', FLAG_STRING, NULL, NULL, "deployment: number of replicas"},
    {"port", 0, FLAG_STRING, NULL, NULL, "deployment: containerPort"},
    {"verb", 0, FLAG_LIST, NULL, NULL, "role: verbs"},
    {"non-resource-url", 0, FLAG_LIST, NULL, NULL, "clusterrole: paths, like /healthz or /logs/*"},
    {"aggregation-rule", 0, FLAG_LIST, NULL, NULL, "clusterrole: KEY=VALUE labels of the roles that make it up"},
    {"resource", 0, FLAG_LIST, NULL, NULL, "role: resources"},
    {"resource-name", 0, FLAG_LIST, NULL, NULL, "role: names"},
    {"role", 0, FLAG_STRING, NULL, NULL, "rolebinding: role"},
    {"clusterrole", 0, FLAG_STRING, NULL, NULL, "rolebinding: cluster role"},
    {"user", 0, FLAG_LIST, NULL, NULL, "rolebinding: user"},
    {"group", 0, FLAG_LIST, NULL, NULL, "rolebinding: group"},
    {"serviceaccount", 0, FLAG_LIST, NULL, NULL, "rolebinding: NAMESPACE:NAME"},
    {"hard", 0, FLAG_STRING, NULL, NULL, "quota: pods=10,requests.cpu=4"},
    {0}};
static const Flag reconcile_flags[] = {
    FILENAME, DRY_RUN, OUTPUT,
    {"remove-extra-permissions", 0, FLAG_BOOL, NULL, NULL, "take from roles what the file does not give them"},
    {"remove-extra-subjects", 0, FLAG_BOOL, NULL, NULL, "take from bindings whom the file does not name"},
    {0}};
static const Flag apply_flags[] = {
    FILENAME, WRITE,
    {"server-side", 0, FLAG_BOOL, NULL, NULL, "let the server merge"},
    {"force-conflicts", 0, FLAG_BOOL, NULL, NULL, "take over fields of other managers (server side)"},
    {0}};
static const Flag delete_flags[] = {
    FILENAME, SELECTOR, ALL_NS, DRY_RUN, OUTPUT,
    {"field-selector", 0, FLAG_STRING, NULL, NULL, "field selector"},
    {"all", 0, FLAG_BOOL, NULL, NULL, "all objects of the type"},
    {"wait", 0, FLAG_BOOL, "true", NULL, "wait until it is gone"},
    {"timeout", 0, FLAG_STRING, NULL, NULL, "seconds to wait"},
    {"grace-period", 0, FLAG_STRING, NULL, NULL, "seconds the object has to end"},
    {"now", 0, FLAG_BOOL, NULL, NULL, "a grace period of 1 s"},
    {"force", 0, FLAG_BOOL, NULL, NULL, "remove at once, without waiting for the node"},
    {"cascade", 0, FLAG_STRING, "background", "background", "background|foreground|orphan"},
    {"ignore-not-found", 0, FLAG_BOOL, NULL, NULL, "a missing object is no error"},
    {0}};
static const Flag replace_flags[] = {FILENAME, WRITE, {0}};
static const Flag patch_flags[] = {
    WRITE, FILENAME,
    {"patch", 'p', FLAG_STRING, NULL, NULL, "the patch as JSON or YAML"},
    {"patch-file", 0, FLAG_STRING, NULL, NULL, "file with the patch"},
    {"type", 0, FLAG_STRING, "strategic", NULL, "strategic|merge|json"},
    {"subresource", 0, FLAG_STRING, NULL, NULL, "status or scale"},
    {0}};
static const Flag change_flags[] = {
    WRITE, FILENAME, SELECTOR,
    ALL_NS,
    {"overwrite", 0, FLAG_BOOL, NULL, NULL, "replace values that differ"},
    {"all", 0, FLAG_BOOL, NULL, NULL, "all objects of the type"},
    {"list", 0, FLAG_BOOL, NULL, NULL, "show them"},
    {"subresource", 0, FLAG_STRING, NULL, NULL, "status or scale"},
    {0}};
static const Flag drain_flags[] = {
    DRY_RUN, OUTPUT,
    {"ignore-daemonsets", 0, FLAG_BOOL, NULL, NULL, "leave pods of daemon sets"},
    {"delete-emptydir-data", 0, FLAG_BOOL, NULL, NULL, "accepted: emptyDir never holds a drain up"},
    {"force", 0, FLAG_BOOL, NULL, NULL, "also pods that nothing makes again"},
    {"timeout", 0, FLAG_STRING, NULL, NULL, "seconds to wait"},
    {0}};
static const Flag top_flags[] = {
    SELECTOR, ALL_NS,
    {"containers", 0, FLAG_BOOL, NULL, NULL, "pod: each container"},
    {"show-capacity", 0, FLAG_BOOL, NULL, NULL, "node: percent of its capacity, not of what pods may use"},
    {"sort-by", 0, FLAG_STRING, NULL, NULL, "cpu|memory: the biggest first"},
    {"no-headers", 0, FLAG_BOOL, NULL, NULL, "no header line"},
    {0}};
static const Flag logs_flags[] = {
    SELECTOR,
    {"follow", 'f', FLAG_BOOL, NULL, NULL, "go on as the log grows"},
    {"container", 'c', FLAG_STRING, NULL, NULL, "container"},
    {"all-containers", 0, FLAG_BOOL, NULL, NULL, "of all containers"},
    {"previous", 'p', FLAG_BOOL, NULL, NULL, "of the container before the last restart"},
    {"timestamps", 0, FLAG_BOOL, NULL, NULL, "with times"},
    {"tail", 0, FLAG_STRING, "-1", NULL, "only the last lines"},
    {"since", 0, FLAG_STRING, NULL, NULL, "newer than 30s, 5m, 1h"},
    {"since-time", 0, FLAG_STRING, NULL, NULL, "newer than an RFC 3339 time"},
    {"limit-bytes", 0, FLAG_STRING, NULL, NULL, "at most so many bytes"},
    {0}};
static const Flag exec_flags[] = {
    {"container", 'c', FLAG_STRING, NULL, NULL, "container"},
    {"stdin", 'i', FLAG_BOOL, NULL, NULL, "pass standard input on"},
    {"tty", 't', FLAG_BOOL, NULL, NULL, "standard input is a terminal"},
    {0}};
static const Flag forward_flags[] = {
    {"address", 0, FLAG_STRING, NULL, NULL, "where to listen (default: localhost)"}, {0}};
static const Flag cp_flags[] = {
    {"container", 'c', FLAG_STRING, NULL, NULL, "container"},
    {"no-preserve", 0, FLAG_BOOL, NULL, NULL, "to a container: without modes and owners"},
    {0}};
static const Flag scale_flags[] = {
    WRITE, FILENAME,
    {"replicas", 0, FLAG_STRING, NULL, NULL, "wanted number of replicas"},
    {"current-replicas", 0, FLAG_STRING, NULL, NULL, "only if there are so many now"},
    {0}};
static const Flag rollout_flags[] = {
    FILENAME, OUTPUT, DRY_RUN,
    {"watch", 'w', FLAG_BOOL, "true", NULL, "status: follow until it is done"},
    {"timeout", 0, FLAG_STRING, NULL, NULL, "status: give up after 30s, 5m"},
    {"revision", 0, FLAG_STRING, NULL, NULL, "history: show this one"},
    {"to-revision", 0, FLAG_STRING, NULL, NULL, "undo: to this one"},
    {0}};
static const Flag wait_flags[] = {
    FILENAME, SELECTOR, OUTPUT,
    {"all", 0, FLAG_BOOL, NULL, NULL, "all objects of the type"},
    {"for", 0, FLAG_STRING, NULL, NULL, "delete | condition=TYPE[=VALUE] | jsonpath={PATH}=VALUE"},
    {"timeout", 0, FLAG_STRING, "30s", NULL, "give up after"},
    {0}};
static const Flag expose_flags[] = {
    WRITE, FILENAME,
    {"port", 0, FLAG_STRING, NULL, NULL, "port of the service"},
    {"target-port", 0, FLAG_STRING, NULL, NULL, "port of the pods"},
    {"name", 0, FLAG_STRING, NULL, NULL, "name of the service"},
    {"type", 0, FLAG_STRING, "ClusterIP", NULL, "ClusterIP, NodePort"},
    {0}};
static const Flag run_flags[] = {
    WRITE,
    {"image", 0, FLAG_STRING, NULL, NULL, "image"},
    {"port", 0, FLAG_STRING, NULL, NULL, "containerPort"},
    {"restart", 0, FLAG_STRING, "Always", NULL, "Always|OnFailure|Never"},
    {0}};
static const Flag explain_flags[] = {{"recursive", 0, FLAG_BOOL, NULL, NULL, "fields of fields"}, {0}};
static const Flag api_flags[] = {
    OUTPUT,
    {"api-group", 0, FLAG_STRING, NULL, NULL, "only of this group"},
    {"namespaced", 0, FLAG_STRING, NULL, "true", "only namespaced (true) or not (false)"},
    {"no-headers", 0, FLAG_BOOL, NULL, NULL, "no header line"},
    {0}};
static const Flag version_flags[] = {
    OUTPUT, {"client", 0, FLAG_BOOL, NULL, NULL, "only the client's"}, {0}};
static const Flag config_flags[] = {
    OUTPUT,
    {"raw", 0, FLAG_BOOL, NULL, NULL, "view: with secrets"},
    {"current", 0, FLAG_BOOL, NULL, NULL, "set-context: the current one"},
    {0}};
static const Flag auth_flags[] = {
    OUTPUT, ALL_NS,
    {"list", 0, FLAG_BOOL, NULL, NULL, "can-i: everything you may do"},
    {"quiet", 'q', FLAG_BOOL, NULL, NULL, "can-i: only the exit status"},
    {"subresource", 0, FLAG_STRING, NULL, NULL, "can-i: of this subresource"},
    {0}};
#define LOGIN \
    {"tenant", 0, FLAG_STRING, NULL, NULL, "of this tenant, by the provider's API"}, \
    {"lifetime", 0, FLAG_STRING, "1h", NULL, "tenant: how long a token is good for"}, \
    {"user", 0, FLAG_STRING, NULL, NULL, "tenant: user name in it (default admin, of system:masters without --group)"}, \
    {"group", 0, FLAG_LIST, NULL, NULL, "tenant: groups in it; with --user and without it: none"}, \
    {"issuer-url", 0, FLAG_STRING, NULL, NULL, "of this OpenID Connect issuer"}, \
    {"issuer-ca", 0, FLAG_STRING, NULL, NULL, "issuer: file with the certificates to trust"}, \
    {"client-id", 0, FLAG_STRING, NULL, NULL, "issuer: who asks"}, \
    {"client-secret", 0, FLAG_STRING, NULL, NULL, "issuer: secret of the client, if it has one"}, \
    {"scope", 0, FLAG_LIST, NULL, NULL, "issuer: scopes besides openid (offline_access, groups)"}, \
    {"grant", 0, FLAG_STRING, "auto", NULL, "issuer: code (a browser here), device (any browser) or auto"}, \
    {"listen-port", 0, FLAG_STRING, NULL, NULL, "issuer: port on 127.0.0.1 that the browser comes back to"}, \
    {"no-browser", 0, FLAG_BOOL, NULL, NULL, "issuer: only print the address"}, \
    {"exec-api-version", 0, FLAG_STRING, NULL, NULL, "v1 or v1beta1 (kubectl before 1.22)"}
static const Flag login_flags[] = {
    LOGIN,
    {"name", 0, FLAG_STRING, NULL, NULL, "of the context that is written"},
    {"exec-credential", 0, FLAG_BOOL, NULL, NULL, "print the credential as an exec plug-in does, write no context"},
    {0}};
static const Flag token_flags[] = {LOGIN, {0}};
static const Flag tenant_flags[] = {
    WRITE,
    {"plan", 0, FLAG_STRING, NULL, NULL, "create: plan (default: the platform's)"},
    {"display-name", 0, FLAG_STRING, NULL, NULL, "create: name for people"},
    {"isolation", 0, FLAG_STRING, NULL, NULL, "create: namespace|virtual|dedicated"},
    {"wait", 0, FLAG_BOOL, NULL, NULL, "create: until it is ready"},
    {0}};
static const Flag keys_flags[] = {
    {"output", 'o', FLAG_STRING, NULL, NULL, "json|yaml"},
    {"wait", 0, FLAG_BOOL, NULL, NULL, "rotate: until every data key is wrapped with the new key"},
    {0}};
static const Flag data_keys_flags[] = {
    {"output", 'o', FLAG_STRING, NULL, NULL, "json|yaml"},
    {"pending", 0, FLAG_BOOL, NULL, NULL, "data: clusters that have something under way only"},
    {"all", 0, FLAG_BOOL, NULL, NULL, "rotate-data: every cluster, the platform's own too"},
    {"wait", 0, FLAG_BOOL, NULL, NULL, "rotate-data: until nothing needs an older key"},
    {0}};
static const Flag kubeconfig_flags[] = {
    {"token", 0, FLAG_BOOL, NULL, NULL, "a bearer token instead of a client certificate"},
    {"lifetime", 0, FLAG_STRING, "24h", NULL, "how long it is good for"},
    {"user", 0, FLAG_STRING, NULL, NULL, "user name in it (default admin, of system:masters without --group)"},
    {"group", 0, FLAG_LIST, NULL, NULL, "groups in it; with --user and without it: none"},
    {"role", 0, FLAG_STRING, NULL, NULL, "a cluster role of the tenant that it has, such as view"},
    {0}};
static const Flag access_flags[] = {
    {"reason", 0, FLAG_STRING, NULL, NULL, "what for; the tenant reads it"},
    {"lifetime", 0, FLAG_STRING, "1h", NULL, "how long it is good for, an hour at most"},
    {0}};
static const Flag revoke_flags[] = {
    {"user", 0, FLAG_STRING, NULL, NULL, "only of this user"},
    {"service-accounts", 0, FLAG_BOOL, NULL, NULL, "tokens of service accounts too"},
    {0}};
static const Flag usage_flags[] = {
    {"from", 0, FLAG_STRING, NULL, NULL, "first hour, like 2006-01-02T15:00:00Z (default: a day ago)"},
    {"to", 0, FLAG_STRING, NULL, NULL, "end, not included (default: now)"},
    {"output", 'o', FLAG_STRING, NULL, NULL, "json, csv or prometheus"},
    {0}};
#define AUDIT_SELECTION \
    {"since", 0, FLAG_STRING, NULL, NULL, "from this time, or so long ago: 2h"}, \
    {"until", 0, FLAG_STRING, NULL, NULL, "before this time, or so long ago"}, \
    {"user", 0, FLAG_STRING, NULL, NULL, "of this user"}, \
    {"verb", 0, FLAG_STRING, NULL, NULL, "of this verb"}, \
    {"resource", 0, FLAG_STRING, NULL, NULL, "of this resource: pods"}, \
    {"tenant", 0, FLAG_STRING, NULL, NULL, "provider: of this tenant, without bodies"}
static const Flag audit_list_flags[] = {AUDIT_SELECTION, OUTPUT, {0}};
static const Flag audit_export_flags[] = {
    AUDIT_SELECTION,
    {"output", 'o', FLAG_STRING, "json", NULL, "json (lines, which can be verified) or csv"},
    {0}};
static const Flag audit_verify_flags[] = {
    {"checkpoint", 0, FLAG_LIST, NULL, NULL, "file of checkpoints that were kept: the chain must have them"},
    {"jwks", 0, FLAG_LIST, NULL, NULL, "file with a cluster's keys (/openid/v1/jwks), by which checkpoints must be signed"},
    {"open-end", 0, FLAG_BOOL, NULL, NULL, "accept that no checkpoint names the newest record, as in a file that a server goes on writing"},
    {"tenant", 0, FLAG_STRING, NULL, NULL, "provider: of this tenant"},
    {0}};
static const Flag node_token_flags[] = {
    {"lifetime", 0, FLAG_STRING, "24h", NULL, "how long it is good for"}, {0}};

const Command commands[] = {
    {"login", NULL, "login --tenant NAME | --issuer-url URL --client-id ID", "Log in and write a context that renews itself",
     "  hpctl login --tenant acme --lifetime 1h\n"
     "  hpctl login --issuer-url https://login.example.com --client-id kubernetes --scope groups,offline_access",
     login_flags, cmd_login},
    {"get-token", NULL, "get-token --tenant NAME | --issuer-url URL --client-id ID",
     "Print the credential of a login, as kubectl's exec plug-in", NULL, token_flags, cmd_get_token},
    {"get", NULL, "get TYPE [NAME...] | TYPE/NAME... [-o FORMAT] [-w]", "Show objects",
     "  hpctl get pods -A -o wide\n  hpctl get deploy web -o yaml\n  hpctl get pods -w -l app=web\n"
     "  hpctl get --raw /version", get_flags, cmd_get},
    {"describe", NULL, "describe TYPE [NAME] | TYPE/NAME", "Show an object with its events",
     "  hpctl describe pod web-5d4f9-abcde", describe_flags, cmd_describe},
    {"apply", NULL, "apply -f FILE", "Bring objects to the state of files",
     "  hpctl apply -f app/\n  hpctl apply --server-side -f - < app.yaml", apply_flags, cmd_apply},
    {"create", NULL, "create -f FILE | TYPE NAME [flags]", "Create objects from files or flags",
     "  hpctl create namespace shop\n  hpctl create configmap c --from-literal=a=1\n"
     "  hpctl create secret generic s --from-literal=password=x\n"
     "  hpctl create deployment web --image=localhost/demo-web:1 --replicas=3 --port=8080",
     create_flags, cmd_create_simple},
    {"delete", NULL, "delete TYPE NAME... | -f FILE", "Delete objects",
     "  hpctl delete pod web-1 --now\n  hpctl delete deploy -l app=web", delete_flags, cmd_delete},
    {"replace", NULL, "replace -f FILE", "Replace objects by those of files", NULL, replace_flags, cmd_replace},
    {"patch", NULL, "patch TYPE/NAME -p PATCH", "Change fields of an object",
     "  hpctl patch deploy/web -p '{\"spec\":{\"replicas\":2}}'", patch_flags, cmd_patch},
    {"label", NULL, "label TYPE NAME KEY=VALUE... KEY-", "Set and remove labels", NULL, change_flags, cmd_label},
    {"annotate", NULL, "annotate TYPE NAME KEY=VALUE... KEY-", "Set and remove annotations", NULL, change_flags, cmd_annotate},
    {"set image", NULL, "set image TYPE/NAME CONTAINER=IMAGE...", "Change the images of a workload",
     "  hpctl set image deploy/web web=localhost/demo-web:2", change_flags, cmd_set_image},
    {"diff", NULL, "diff -f FILE", "Show what apply would change (exit status 1: something)", NULL, apply_flags, cmd_diff},
    {"edit", NULL, "edit TYPE/NAME", "Change an object in $EDITOR", NULL, replace_flags, cmd_edit},
    {"cordon", NULL, "cordon NODE...", "Keep new pods off a node", NULL, replace_flags, cmd_cordon},
    {"uncordon", NULL, "uncordon NODE...", "Let new pods on a node again", NULL, replace_flags, cmd_uncordon},
    {"drain", NULL, "drain NODE...", "Evict the pods of a node", "  hpctl drain n1 --ignore-daemonsets", drain_flags, cmd_drain},
    {"taint", NULL, "taint node NAME KEY=VALUE:EFFECT KEY-", "Set and remove taints of a node", NULL, replace_flags, cmd_taint},
    {"top node", "top nodes", "top node [NAME] [-l SELECTOR]", "Show what nodes use", "  hpctl top node --sort-by=cpu", top_flags, cmd_top_node},
    {"top pod", "top pods", "top pod [NAME] [-A] [--containers]", "Show what pods use", "  hpctl top pod -A --sort-by=memory", top_flags, cmd_top_pod},
    {"completion", NULL, "completion bash", "A script that completes commands", NULL, NULL, cmd_completion},
    {"logs", "log", "logs POD | TYPE/NAME [-c CONTAINER] [-f]", "Show what containers print", NULL, logs_flags, cmd_logs},
    {"exec", NULL, "exec [-it] POD [-c CONTAINER] -- COMMAND...", "Run a command in a container",
     "  hpctl exec -it web-1 -- sh", exec_flags, cmd_exec},
    {"attach", NULL, "attach POD [-c CONTAINER] [-it]", "Attach to what runs in a container",
     "  hpctl attach web-1 -i", exec_flags, cmd_attach},
    {"port-forward", NULL, "port-forward POD | TYPE/NAME [LOCAL:]REMOTE...", "Reach ports of a pod at local ones",
     "  hpctl port-forward svc/web 8080:80\n  hpctl port-forward web-1 :8080 --address 0.0.0.0", forward_flags, cmd_port_forward},
    {"cp", NULL, "cp [NS/]POD:PATH FILE | FILE [NS/]POD:PATH", "Copy files to and from containers (they need tar)",
     "  hpctl cp web-1:/etc/hosts hosts\n  hpctl cp site/ shop/web-1:/srv -c web", cp_flags, cmd_cp},
    {"scale", NULL, "scale TYPE/NAME --replicas=N", "Change the number of replicas", NULL, scale_flags, cmd_scale},
    {"rollout status", NULL, "rollout status TYPE/NAME", "Follow a rollout to its end", NULL, rollout_flags, cmd_rollout_status},
    {"rollout history", NULL, "rollout history deploy/NAME [--revision=N]", "Show the revisions of a deployment", NULL, rollout_flags, cmd_rollout_history},
    {"rollout undo", NULL, "rollout undo deploy/NAME [--to-revision=N]", "Go back to an earlier revision", NULL, rollout_flags, cmd_rollout_undo},
    {"rollout restart", NULL, "rollout restart TYPE/NAME", "Replace all pods", NULL, rollout_flags, cmd_rollout_restart},
    {"rollout pause", NULL, "rollout pause deploy/NAME", "Hold a rollout", NULL, rollout_flags, cmd_rollout_pause},
    {"rollout resume", NULL, "rollout resume deploy/NAME", "Let a rollout go on", NULL, rollout_flags, cmd_rollout_resume},
    {"wait", NULL, "wait TYPE/NAME --for=CONDITION", "Wait for a condition", "  hpctl wait pod/web-1 --for=condition=Ready --timeout=60s", wait_flags, cmd_wait},
    {"expose", NULL, "expose TYPE/NAME --port=N", "Make a service for a workload", NULL, expose_flags, cmd_expose},
    {"run", NULL, "run NAME --image=IMAGE [-- COMMAND...]", "Start one pod", NULL, run_flags, cmd_run},
    {"explain", NULL, "explain TYPE[.FIELD...]", "Show the fields of a type", "  hpctl explain deploy.spec.strategy", explain_flags, cmd_explain},
    {"api-resources", NULL, "api-resources", "List what the server serves", NULL, api_flags, cmd_api_resources},
    {"api-versions", NULL, "api-versions", "List groups and versions", NULL, NULL, cmd_api_versions},
    {"auth can-i", NULL, "auth can-i VERB TYPE[/NAME]", "May I do it?", "  hpctl auth can-i create pods -n shop", auth_flags, cmd_auth_can_i},
    {"auth reconcile", NULL, "auth reconcile -f FILENAME", "Give roles and bindings what a file says, and keep what they have",
     "  hpctl auth reconcile -f roles.yaml --dry-run=client\n  hpctl auth reconcile -f roles.yaml --remove-extra-permissions",
     reconcile_flags, cmd_auth_reconcile},
    {"auth whoami", NULL, "auth whoami", "Show who the server thinks you are", NULL, auth_flags, cmd_auth_whoami},
    {"config view", NULL, "config view", "Show the kubeconfig", NULL, config_flags, cmd_config_view},
    {"config use-context", "config use", "config use CONTEXT", "Switch the current context", NULL, config_flags, cmd_config_use},
    {"config get-contexts", NULL, "config get-contexts", "List contexts", NULL, config_flags, cmd_config_get_contexts},
    {"config current-context", NULL, "config current-context", "Show the current context", NULL, config_flags, cmd_config_current},
    {"config set-context", NULL, "config set-context CONTEXT|--current --namespace=NS", "Change a context's namespace", NULL, config_flags, cmd_config_set_context},
    {"keys list", NULL, "keys list", "List the providers of key-encryption keys", NULL, keys_flags, cmd_keys_list},
    {"keys status", NULL, "keys status PROVIDER", "Show a provider's keys and how many clusters use each", NULL, keys_flags, cmd_keys_status},
    {"keys rotate", NULL, "keys rotate PROVIDER [--wait]", "Make a new key-encryption key and wrap all data keys with it", NULL, keys_flags, cmd_keys_rotate},
    {"keys drop", NULL, "keys drop PROVIDER KEY", "Destroy a key-encryption key that nothing is wrapped with", NULL, keys_flags, cmd_keys_drop},
    {"keys data", NULL, "keys data [CLUSTER...] [--pending]", "Show the data keys of clusters, and how far sealing their rows anew is",
     NULL, data_keys_flags, cmd_keys_data},
    {"keys rotate-data", NULL, "keys rotate-data CLUSTER...|--all [--wait]", "Make new data keys and seal all rows with them",
     "  hpctl keys rotate-data acme --wait\n  hpctl keys rotate-data --all", data_keys_flags, cmd_keys_rotate_data},
    {"tenant create", NULL, "tenant create NAME [--plan P] [--wait]", "Provision a tenant", NULL, tenant_flags, cmd_tenant_create},
    {"tenant clone", NULL, "tenant clone SOURCE NAME [--plan P] [--wait]", "Provision a tenant with a copy of another's objects", NULL, tenant_flags, cmd_tenant_clone},
    {"tenant list", NULL, "tenant list", "List tenants", NULL, get_flags, cmd_tenant_list},
    {"tenant get", NULL, "tenant get NAME", "Show a tenant", NULL, get_flags, cmd_tenant_get},
    {"tenant delete", NULL, "tenant delete NAME", "Delete a tenant with all that is in it", NULL, NULL, cmd_tenant_delete},
    {"tenant suspend", NULL, "tenant suspend NAME", "Stop a tenant's workloads", NULL, NULL, cmd_tenant_suspend},
    {"tenant resume", NULL, "tenant resume NAME", "Let a tenant's workloads run again", NULL, NULL, cmd_tenant_resume},
    {"tenant usage", NULL, "tenant usage NAME", "What a tenant has in use", NULL, tenant_flags, cmd_tenant_usage},
    {"tenant revoke", NULL, "tenant revoke NAME [--user U] [--service-accounts]", "Make all credentials issued so far worthless", NULL, revoke_flags, cmd_tenant_revoke},
    {"tenant access", NULL, "tenant access NAME --reason TEXT [--lifetime 1h] > FILE", "Credentials for a tenant in an emergency, of which it is told", NULL, access_flags, cmd_tenant_access},
    {"usage", NULL, "usage [NAME] [--from TIME] [--to TIME] [-o csv]", "What tenants are billed by, hour by hour", NULL, usage_flags, cmd_usage},
    {"tenant kubeconfig", NULL, "tenant kubeconfig NAME [--token] [--lifetime 24h] > FILE", "Credentials for a tenant", NULL, kubeconfig_flags, cmd_tenant_kubeconfig},
    {"audit list", NULL, "audit list [--since 1h] [--user U] [--resource R]", "Show who did what",
     "  hpctl audit list --since 1h --verb delete\n  hpctl audit list --tenant acme", audit_list_flags, cmd_audit_list},
    {"audit export", NULL, "audit export [-o json|csv] > FILE", "Write audit records to a file",
     "  hpctl audit export > audit.jsonl", audit_export_flags, cmd_audit_export},
    {"audit verify", NULL, "audit verify [FILE...] [--checkpoint FILE] [--jwks FILE]",
     "Check that no audit record was changed, taken out or cut off (status 1), and that a checkpoint names the last one (status 3)",
     "  hpctl audit verify\n  hpctl audit verify audit.jsonl", audit_verify_flags, cmd_audit_verify},
    {"plan list", NULL, "plan list", "List plans", NULL, get_flags, cmd_plan_list},
    {"node token", NULL, "node token [--lifetime 24h]", "A token with which an agent joins", NULL, node_token_flags, cmd_node_token},
    {"cluster-info", NULL, "cluster-info", "Show where the cluster is", NULL, NULL, cmd_cluster_info},
    {"version", NULL, "version [--client]", "Show versions", NULL, version_flags, cmd_version},
    {0}};
// clang-format on

#include "client/meta.h"
#include "tests/unit/scheduler/world.h"

#define CLAIM(name, spec, status)                                                                  \
    "{'metadata':{'name':'" name                                                                   \
    "','namespace':'d','annotations':{'pv.kubernetes.io/bind-completed':'yes'}},'spec':" spec      \
    ",'status':" status "}"
#define OPEN_CLAIM(name, spec) "{'metadata':{'name':'" name "','namespace':'d'},'spec':" spec "}"
#define ON_NODE(name)                                                                              \
    "'nodeAffinity':{'required':{'nodeSelectorTerms':[{'matchExpressions':[{'key':'host',"         \
    "'operator':'In','values':['" name "']}]}]}}"

static World two_nodes(void)
{
    World w = world();

    node(&w, "a", "9", "{'metadata':{'labels':{'host':'a','topology.kubernetes.io/zone':'z1'}}}");
    node(&w, "b", "9", "{'metadata':{'labels':{'host':'b','topology.kubernetes.io/zone':'z2'}}}");
    return w;
}

static Value *with_claim(World *w, const char *name)
{
    Value *p = pod(w, "1", NULL);

    value_set_at(w->a, p, "spec.volumes",
                 value_literal(w->a, "[{'name':'v',"
                                     "'persistentVolumeClaim':{}}]"));
    value_set_at(w->a, value_at(p, "spec.volumes.0"), "persistentVolumeClaim.claimName",
                 value_str(w->a, name));
    return p;
}

TEST(a_bound_claim_pins_the_pod)
{
    World w = two_nodes();
    Decision d;

    object(&w, "persistentvolumeclaims", CLAIM("c", "{'volumeName':'v'}", "{'phase':'Bound'}"));
    object(&w, "persistentvolumeclaims", CLAIM("z", "{'volumeName':'w'}", "{'phase':'Bound'}"));
    object(&w, "persistentvolumeclaims", CLAIM("n", "{'volumeName':'x'}", "{'phase':'Bound'}"));
    object(&w, "persistentvolumes", "{'metadata':{'name':'v'},'spec':{" ON_NODE("b") "}}");
    object(&w, "persistentvolumes",
           "{'metadata':{'name':'w','labels':{'topology.kubernetes.io/zone':'z0__z1'}},'spec':{}}");
    object(&w, "persistentvolumes", "{'metadata':{'name':'x'},'spec':{" ON_NODE("c") "}}");
    assert_string_equal(go(&w, with_claim(&w, "c")).node, "b");
    assert_string_equal(go(&w, with_claim(&w, "z")).node, "a");
    d = go(&w, with_claim(&w, "n"));
    assert_non_null(strstr(d.message, "2 node(s) didn't match PersistentVolume's node affinity."));
    end(&w);
}

TEST(claims_that_cannot_be_used)
{
    World w = two_nodes();

    object(&w, "persistentvolumeclaims", OPEN_CLAIM("now", "{'storageClassName':'fast'}"));
    object(&w, "storage/storageclasses",
           "{'metadata':{'name':'fast'},'provisioner':'x','volumeBindingMode':'Immediate'}");
    assert_string_equal(go(&w, with_claim(&w, "none")).message,
                        "0/2 nodes are available: persistentvolumeclaim \"none\" not found. "
                        "no new claims to deallocate, preemption: 0/2 nodes are available: 2 "
                        "Preemption is not helpful for "
                        "scheduling.");
    assert_string_equal(go(&w, with_claim(&w, "now")).message,
                        "0/2 nodes are available: pod has unbound immediate "
                        "PersistentVolumeClaims. no new claims to deallocate, preemption: 0/2 "
                        "nodes are available: 2 Preemption "
                        "is not helpful for scheduling.");
    end(&w);
}

/* What keeps a pod from all nodes, by the state of its claim. */
TEST(why_a_claim_cannot_be_used)
{
    static const struct {
        const char *claim;
        const char *message;
        bool is_ephemeral;
    } rows[] = {
        {NULL, "persistentvolumeclaim \"p-v\" not found", false},
        {NULL,
         "waiting for ephemeral volume controller to create the persistentvolumeclaim \"p-v\"",
         true},
        {"{'metadata':{'deletionTimestamp':'2026-01-01T00:00:00Z'},'spec':{'volumeName':'gone'},"
         "'status':{'phase':'Lost'}}",
         "persistentvolumeclaim \"p-v\" bound to non-existent persistentvolume \"gone\"", false},
        {"{'metadata':{'deletionTimestamp':'2026-01-01T00:00:00Z'},'spec':{}}",
         "persistentvolumeclaim \"p-v\" is being deleted", false},
        {"{'metadata':{},'spec':{}}", "PVC d/p-v was not created for pod d/p (pod is not owner)",
         true},
        {"{'metadata':{'annotations':{'pv.kubernetes.io/bind-completed':'yes'}},'spec':{"
         "'volumeName':'gone'}}",
         "persistentvolume \"gone\" not found", false},
        {"{'metadata':{},'spec':{'storageClassName':'later','volumeName':'v'}}",
         "pod has unbound immediate PersistentVolumeClaims", false},
        {"{'metadata':{'ownerReferences':[{'controller':true,'uid':'u'}]},'spec':{"
         "'storageClassName':'later'}}",
         NULL, true},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        World w = two_nodes();
        Value *p = with_claim(&w, "p-v");
        Value *claim = rows[i].claim ? value_literal(w.a, rows[i].claim) : NULL;
        Decision d;

        if (rows[i].is_ephemeral)
            value_set_at(w.a, p, "spec.volumes",
                         value_literal(w.a, "[{'name':'v','ephemeral':{}}]"));
        if (claim) {
            value_set_at(w.a, claim, "metadata.name", value_str(w.a, "p-v"));
            value_set_at(w.a, claim, "metadata.namespace", value_str(w.a, "d"));
            object(&w, "persistentvolumeclaims", value_to_str(w.a, claim));
        }
        object(&w, "storage/storageclasses",
               "{'metadata':{'name':'later'},'provisioner':'x','volumeBindingMode':"
               "'WaitForFirstConsumer'}");
        d = go(&w, p);
        if (!rows[i].message)
            assert_non_null(d.node);
        else
            assert_non_null(
                strstr(d.message, arena_printf(w.a, "available: %s. ", rows[i].message)));
        end(&w);
    }
}

TEST(a_volume_of_a_zone)
{
    static const struct {
        const char *node, *volume;
        bool fits;
    } rows[] = {
        {"{'topology.kubernetes.io/zone':'z1'}", "{'topology.kubernetes.io/zone':'z1'}", true},
        {"{'topology.kubernetes.io/zone':'z1'}", "{'topology.kubernetes.io/zone':'z2'}", false},
        {"{'topology.kubernetes.io/zone':'z1'}", "{'topology.kubernetes.io/zone':'z0__ z1'}", true},
        {"{'topology.kubernetes.io/zone':'z1'}", "{'topology.kubernetes.io/zone':'z0__'}", true},
        {"{'topology.kubernetes.io/zone':'z1'}", "{'topology.kubernetes.io/region':'r'}", false},
        /* A node that is nowhere may have all. */
        {"{'host':'a'}", "{'topology.kubernetes.io/zone':'z2'}", true},
        {"{'topology.kubernetes.io/zone':'z1'}", "{'failure-domain.beta.kubernetes.io/zone':'z1'}",
         true},
        {"{'topology.kubernetes.io/zone':'z1'}", "{'failure-domain.beta.kubernetes.io/zone':'z2'}",
         false},
        {"{'failure-domain.beta.kubernetes.io/zone':'z1'}", "{'topology.kubernetes.io/zone':'z1'}",
         false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        World w = world();

        node(&w, "a", "9", arena_printf(w.a, "{'metadata':{'labels':%s}}", rows[i].node));
        object(&w, "persistentvolumeclaims", CLAIM("c", "{'volumeName':'v'}", "{'phase':'Bound'}"));
        object(
            &w, "persistentvolumes",
            arena_printf(w.a, "{'metadata':{'name':'v','labels':%s},'spec':{}}", rows[i].volume));
        assert_int_equal(go(&w, with_claim(&w, "c")).node != NULL, rows[i].fits);
        end(&w);
    }
}

TEST(the_first_consumer_chooses)
{
    World w = two_nodes();
    Decision d;

    object(&w, "persistentvolumeclaims",
           OPEN_CLAIM("c", "{'storageClassName':'local','accessModes':['ReadWriteOnce'],"
                           "'resources':{'requests':{'storage':'1Gi'}}}"));
    object(&w, "persistentvolumeclaims", OPEN_CLAIM("made", "{'storageClassName':'dynamic'}"));
    object(&w, "storage/storageclasses",
           "{'metadata':{'name':'local'},'provisioner':'kubernetes.io/no-provisioner',"
           "'volumeBindingMode':'WaitForFirstConsumer'}");
    object(&w, "storage/storageclasses",
           "{'metadata':{'name':'dynamic'},'provisioner':'x','volumeBindingMode':"
           "'WaitForFirstConsumer','allowedTopologies':[{'matchLabelExpressions':[{'key':'host',"
           "'values':['b']}]}]}");
    d = go(&w, with_claim(&w, "c"));
    assert_non_null(strstr(d.message, "2 node(s) didn't find available persistent volumes"));
    object(&w, "persistentvolumes",
           "{'metadata':{'name':'small'},'spec':{'storageClassName':'local','accessModes':["
           "'ReadWriteOnce'],'capacity':{'storage':'1Mi'}},'status':{'phase':'Available'}}");
    object(&w, "persistentvolumes",
           "{'metadata':{'name':'used'},'spec':{'storageClassName':'local','accessModes':["
           "'ReadWriteOnce'],'capacity':{'storage':'1Gi'}},'status':{'phase':'Released'}}");
    object(&w, "persistentvolumes",
           "{'metadata':{'name':'fast'},'spec':{'storageClassName':'local','accessModes':["
           "'ReadWriteOnce'],'capacity':{'storage':'1Gi'},'volumeAttributesClassName':'fast'},"
           "'status':{'phase':'Available'}}");
    object(&w, "persistentvolumes",
           "{'metadata':{'name':'v'},'spec':{'storageClassName':'local','accessModes':["
           "'ReadWriteOnce'],'capacity':{'storage':'2Gi'}," ON_NODE("a") "},'status':{'phase':"
                                                                         "'Available'}}");
    d = go(&w, with_claim(&w, "c"));
    assert_string_equal(d.node, "a");
    assert_int_equal(d.n_picks, 1);
    assert_string_equal(value_at_str(d.picks[0].volume, "metadata.name"), "v");
    d = go(&w, with_claim(&w, "made"));
    assert_string_equal(d.node, "b");
    assert_int_equal(d.n_picks, 1);
    assert_null(d.picks[0].volume);
    end(&w);
}

TEST(a_claim_is_made_on_the_node_that_was_selected_for_it)
{
    static const struct {
        const char *annotations;
        const char *node; /* NULL: none will do */
        bool is_begun;
    } rows[] = {
        {"{}", "a", false},
        {"{'volume.kubernetes.io/selected-node':'b'}", "b", true},
        {"{'volume.kubernetes.io/selected-node':'gone'}", NULL, false},
        /* One that names no node is a selection all the same. */
        {"{'volume.kubernetes.io/selected-node':''}", NULL, false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        World w = two_nodes();
        Value *claim = value_literal(w.a, OPEN_CLAIM("c", "{'storageClassName':'dynamic'}"));
        Decision d;

        value_set_at(w.a, claim, "metadata.annotations", value_literal(w.a, rows[i].annotations));
        object(&w, "persistentvolumeclaims", value_to_str(w.a, claim));
        object(&w, "storage/storageclasses",
               "{'metadata':{'name':'dynamic'},'provisioner':'x','volumeBindingMode':"
               "'WaitForFirstConsumer'}");
        d = go(&w, with_claim(&w, "c"));
        if (!rows[i].node) {
            assert_null(d.node);
            assert_non_null(strstr(d.message, "2 node(s) didn't find available persistent"));
        } else {
            if (value_len(value_literal(w.a, rows[i].annotations)) > 0)
                assert_string_equal(d.node, rows[i].node);
            assert_int_equal(d.n_picks, 1);
            assert_int_equal(d.picks[0].is_begun, rows[i].is_begun);
        }
        end(&w);
    }
}

TEST(claims_of_one_pod_do_not_share_a_volume)
{
    World w = two_nodes();
    Value *p = with_claim(&w, "large");
    Decision d;

    value_set_at(w.a, p, "spec.volumes",
                 value_literal(w.a, "[{'name':'l','persistentVolumeClaim':{'claimName':'large'}},"
                                    "{'name':'s','persistentVolumeClaim':{'claimName':'small'}}]"));
    object(&w, "persistentvolumeclaims",
           OPEN_CLAIM("large", "{'storageClassName':'local','resources':{'requests':{'storage':"
                               "'2Gi'}}}"));
    object(&w, "persistentvolumeclaims",
           OPEN_CLAIM("small", "{'storageClassName':'local','resources':{'requests':{'storage':"
                               "'1Gi'}}}"));
    object(&w, "storage/storageclasses",
           "{'metadata':{'name':'local'},'provisioner':'kubernetes.io/no-provisioner',"
           "'volumeBindingMode':'WaitForFirstConsumer'}");
    object(&w, "persistentvolumes",
           "{'metadata':{'name':'v5'},'spec':{'storageClassName':'local','capacity':{'storage':"
           "'5Gi'}," ON_NODE("b") "},'status':{'phase':'Available'}}");
    d = go(&w, p);
    assert_null(d.node);
    assert_non_null(strstr(d.message, "2 node(s) didn't find available persistent volumes"));
    object(&w, "persistentvolumes",
           "{'metadata':{'name':'v1'},'spec':{'storageClassName':'local','capacity':{'storage':"
           "'1Gi'}," ON_NODE("b") "},'status':{'phase':'Available'}}");
    d = go(&w, p);
    assert_string_equal(d.node, "b");
    assert_int_equal(d.n_picks, 2);
    for (uint32_t i = 0; i < 2; i++)
        assert_string_equal(value_at_str(d.picks[i].volume, "metadata.name"),
                            str_eq(meta_name(d.picks[i].claim), "small") ? "v1" : "v5");
    end(&w);
}

TEST(one_pod_at_a_time_has_an_exclusive_claim)
{
    World w = two_nodes();
    Value *p = with_claim(&w, "c");

    object(&w, "persistentvolumeclaims",
           CLAIM("c", "{'volumeName':'v','accessModes':['ReadWriteOncePod']}", "{}"));
    object(&w, "persistentvolumes", "{'metadata':{'name':'v'},'spec':{}}");
    assert_non_null(go(&w, p).node);
    put(&w, "acme", "first", p, "a");
    assert_non_null(strstr(go(&w, p).message, "ReadWriteOncePod access mode"));
    snapshot_remove_pod(w.s, "acme/d/first");
    assert_non_null(go(&w, p).node);
    end(&w);
}

static void csi_volume(World *w, const char *name)
{
    object(w, "persistentvolumeclaims",
           arena_printf(w->a,
                        "{'metadata':{'name':'%s','namespace':'d','annotations':{"
                        "'pv.kubernetes.io/bind-completed':'yes'}},'spec':{'volumeName':'pv-%s'}}",
                        name, name));
    object(w, "persistentvolumes",
           arena_printf(w->a,
                        "{'metadata':{'name':'pv-%s'},'spec':{'csi':{'driver':'x.io',"
                        "'volumeHandle':'h-%s'}}}",
                        name, name));
}

static Value *pod_with(World *w, const char *claim)
{
    return pod(
        w, "10m",
        arena_printf(w->a, "{'volumes':[{'persistentVolumeClaim':{'claimName':'%s'}}]}", claim));
}

TEST(a_node_has_room_for_so_many_volumes)
{
    World w = world();
    Value *important;
    Decision d;

    node(&w, "a", "4", NULL);
    csi_volume(&w, "one");
    csi_volume(&w, "two");
    csi_volume(&w, "three");
    assert_string_equal(go(&w, pod_with(&w, "one")).node, "a"); /* nobody has said a limit */
    object(&w, "storage/csinodes",
           "{'metadata':{'name':'a'},'spec':{'drivers':[{'name':'y.io','allocatable':{'count':0}},"
           "{'name':'x.io','allocatable':{'count':2}}]}}");
    put(&w, "acme", "p1", pod_with(&w, "one"), "a");
    assert_string_equal(go(&w, pod_with(&w, "two")).node, "a");
    put(&w, "globex", "p2", pod_with(&w, "two"), "a"); /* another tenant's counts */
    assert_string_equal(go(&w, pod_with(&w, "three")).message,
                        "0/1 nodes are available: 1 node(s) exceed max volume count. no new claims "
                        "to deallocate, preemption: "
                        "0/1 nodes are available: 1 No preemption victims found for incoming "
                        "pod.");
    assert_string_equal(go(&w, pod_with(&w, "one")).node, "a"); /* it is there already */
    important = pod_with(&w, "three");
    value_set_at(w.a, important, "spec.priority", value_int(w.a, 9));
    d = go(&w, important); /* a volume of its own cluster makes room */
    assert_string_equal(d.nominated, "a");
    assert_int_equal(d.n_victims, 1);
    assert_string_equal(d.victims[0].name, "p1");
    put(&w, "acme", "p3", pod_with(&w, "two"), "a"); /* one that others use does not */
    snapshot_remove_pod(w.s, "acme/d/p1");
    csi_volume(&w, "four");
    put(&w, "globex", "p4", pod_with(&w, "four"), "a");
    assert_null(go(&w, important).nominated);
    end(&w);
}

// What the JavaScript client does in a namespace, as JSON for test_node.py: node client.mjs SCENARIO NAMESPACE [MORE...]
import * as k8s from '@kubernetes/client-node';

const kc = new k8s.KubeConfig();
kc.loadFromDefault();
const core = kc.makeApiClient(k8s.CoreV1Api);
const objects = k8s.KubernetesObjectApi.makeApiClient(kc);
const [scenario, namespace, ...more] = process.argv.slice(2);

const configMap = (name, data, labels) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels }, data });

async function until(what, seconds = 30) {
    for (let i = 0; i < seconds * 20; i++) {
        if (what()) return;
        await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error('not within ' + seconds + ' s');
}

// The code and reason of a call that must fail.
async function refusal(promise) {
    try {
        await promise;
    } catch (e) {
        const body = typeof e.body === 'string' ? JSON.parse(e.body) : e.body;
        return [e.code, body.reason, body.message];
    }
    return 'went through';
}

const scenarios = {
    async informer() {
        const seen = [];
        const informer = k8s.makeInformer(kc, `/api/v1/namespaces/${namespace}/configmaps`,
            () => core.listNamespacedConfigMap({ namespace, labelSelector: 'app=informed' }), 'app=informed');
        let connects = 0;
        for (const verb of ['add', 'update', 'delete'])
            informer.on(verb, (o) => seen.push([verb, o.metadata.name, o.data?.k ?? '']));
        informer.on('connect', () => connects++);
        informer.on('error', () => setTimeout(() => informer.start(), 100));
        const labels = { app: 'informed' };
        await core.createNamespacedConfigMap({ namespace, body: configMap('a', { k: '1' }, labels) });
        await informer.start();
        await until(() => connects > 0 && seen.length === 1);
        await core.createNamespacedConfigMap({ namespace, body: configMap('other', { k: '1' }) });
        await core.createNamespacedConfigMap({ namespace, body: configMap('b', { k: '1' }, labels) });
        await core.replaceNamespacedConfigMap({ namespace, name: 'b', body: configMap('b', { k: '2' }, labels) });
        await core.deleteNamespacedConfigMap({ namespace, name: 'a' });
        await until(() => seen.length === 4);
        const listed = informer.list(namespace).map((o) => o.metadata.name);
        await informer.stop();
        return { seen, listed };
    },

    // A watch that goes on from where another one stopped.
    async watch() {
        const seen = [];
        const list = await core.listNamespacedConfigMap({ namespace });
        const follow = async (resourceVersion, enough) => {
            let last = resourceVersion;
            const watch = new k8s.Watch(kc);
            const ended = {};
            ended.promise = new Promise((done) => (ended.done = done));
            const request = await watch.watch(`/api/v1/namespaces/${namespace}/configmaps`,
                { resourceVersion, allowWatchBookmarks: true }, (type, o) => {
                    last = o.metadata.resourceVersion;
                    if (type !== 'BOOKMARK') seen.push([type, o.metadata.name]);
                }, () => ended.done());
            await until(() => seen.length >= enough);
            request.abort();
            await ended.promise;
            return last;
        };
        await core.createNamespacedConfigMap({ namespace, body: configMap('w1', {}) });
        const last = await follow(list.metadata.resourceVersion, 1);
        await core.createNamespacedConfigMap({ namespace, body: configMap('w2', {}) });
        await core.deleteNamespacedConfigMap({ namespace, name: 'w1' });
        await follow(last, 3);
        return { seen };
    },

    async apply() {
        const apply = (manager, force, data) => objects.patch(configMap('applied', data), undefined, undefined, manager, force,
            k8s.PatchStrategy.ServerSideApply);
        const first = await apply('one', undefined, { k: 'v' });
        const conflict = await refusal(apply('two', undefined, { k: 'w' }));
        const forced = await apply('two', true, { k: 'w' });
        return { first: first.data, conflict, forced: forced.data,
            managers: forced.metadata.managedFields.map((m) => [m.manager, m.operation]) };
    },

    async patch() {
        await core.createNamespacedConfigMap({ namespace, body: configMap('patched', { k: 'v' }) });
        const patch = (body, type) => core.patchNamespacedConfigMap({ namespace, name: 'patched', body }, k8s.setHeaderOptions('Content-Type', type));
        const out = [];
        for (const [body, type] of [
            [[{ op: 'add', path: '/data/j', value: '1' }], k8s.PatchStrategy.JsonPatch],
            [{ data: { m: '2' } }, k8s.PatchStrategy.MergePatch],
            [{ data: { k: null } }, k8s.PatchStrategy.StrategicMergePatch]])
            out.push((await patch(body, type)).data);
        return { out, refused: await refusal(patch([{ op: 'test', path: '/data/j', value: '9' }], k8s.PatchStrategy.JsonPatch)) };
    },

    // Objects of any kind, found by discovery; a custom resource among them.
    async objects() {
        const [group] = more;
        const definition = {
            apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'widgets.' + group },
            spec: { group, scope: 'Namespaced', names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
                versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object',
                    properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } } } } }] } };
        await objects.create(definition);
        const api = kc.makeApiClient(k8s.ApiextensionsV1Api);
        for (let i = 0; i < 300; i++) {
            const d = await api.readCustomResourceDefinition({ name: definition.metadata.name });
            if (d.status?.conditions?.some((c) => c.type === 'Established' && c.status === 'True')) break;
            await new Promise((done) => setTimeout(done, 100));
        }
        const widget = { apiVersion: group + '/v1', kind: 'Widget', metadata: { name: 'w', namespace }, spec: { size: 3 } };
        await objects.create(widget);
        const read = await objects.read(widget);
        const wrong = await refusal(objects.create({ ...widget, metadata: { name: 'x', namespace }, spec: { size: 'big' } }));
        read.spec.size = 4;
        const replaced = await objects.replace(read);
        const stale = await refusal(objects.replace(read));
        const list = await objects.list(group + '/v1', 'Widget', namespace);
        await objects.delete(widget);
        const gone = await refusal(objects.read(widget));
        await objects.delete(definition);
        return { size: read.spec.size, replaced: replaced.spec.size, listed: list.items.map((o) => o.metadata.name),
            wrong: wrong.slice(0, 2), stale: stale.slice(0, 2), gone: gone.slice(0, 2) };
    },

    // The log of a pod that runs, whole and followed, and a command in it.
    async logs() {
        const [pod, container] = more;
        const whole = await core.readNamespacedPodLog({ namespace, name: pod, container });
        const { PassThrough } = await import('node:stream');
        const stream = new PassThrough();
        let followed = '';
        stream.on('data', (d) => (followed += d));
        const request = await new k8s.Log(kc).log(namespace, pod, container, stream, { follow: true });
        await until(() => followed.length >= whole.length);
        request.abort();
        let out = '';
        const stdout = new PassThrough();
        stdout.on('data', (d) => (out += d));
        const status = await new Promise((done) => new k8s.Exec(kc).exec(namespace, pod, container, ['echo', 'hello'], stdout,
            null, null, false, done));
        return { is_prefix: followed.startsWith(whole), lines: whole.split('\n').length, out, status: status.status };
    },
};

const result = await scenarios[scenario]();
process.stdout.write(JSON.stringify(result) + '\n', () => process.exit(0));

/*
 * Claims and slices of devices with mistakes, and what the real server says of them.
 */
#include "tests/unit/api/rows.h"

TEST(of_devices)
{
    static const Row rows[] = {
        {"ResourceClaim", "", NULL,
         "{'spec':{'devices':{'requests':[{'name':'a','exactly':{'deviceClassName':'c','"
         "allocationMode':'All','count':2}},{'name':'a','firstAvailable':[{'name':'s','"
         "deviceClassName':'c'}]}],'constraints':[{'requests':['a/b/"
         "c','A'],'matchAttribute':'x'}],'config':[{'opaque':{'driver':''}}]}}}",
         "spec.devices.requests[0].exactly.count: Invalid value: 2: must not be specified when "
         "allocationMode is 'All'; spec.devices.requests[1]: Duplicate value: \"a\"; "
         "spec.devices.constraints[0].requests[0]: Invalid value: \"a/b/c\": must be the name of a "
         "request in the claim or the name of a request and a subrequest separated by '/'; "
         "spec.devices.constraints[0].requests[1]: Invalid value: \"A\": a lowercase RFC 1123 "
         "label must consist of lower case alphanumeric characters or '-', and must start and end "
         "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation "
         "is '[a-z0-9]([-a-z0-9]*[a-z0-9])?'); spec.devices.constraints[0].requests[1]: Invalid "
         "value: \"A\": must be the name of a request in the claim or the name of a request and a "
         "subrequest separated by '/'; spec.devices.constraints[0].matchAttribute: Invalid value: "
         "\"x\": a fully qualified name must be a domain and a name separated by a slash; "
         "spec.devices.config[0].opaque.driver: Required value; "
         "spec.devices.config[0].opaque.parameters: Required value"},
        {"DeviceClass", "", NULL, "{'spec':{'extendedResourceName':'cpu','config':[{}]}}",
         "spec.config[0].opaque: Required value; spec.extendedResourceName: Invalid value: "
         "\"cpu\": must be a valid extended resource name"},
        {"ResourceSlice", "", NULL,
         "{'spec':{'driver':'d','pool':{'name':'a/"
         "B','resourceSliceCount':1},'nodeSelector':{'nodeSelectorTerms':[]},'devices':[{'name':'a'"
         ",'nodeName':'n','attributes':{'x':{'string':'a','bool':true}},'capacity':{'m':{'value':'"
         "1','requestPolicy':{}}}}]}}",
         "spec.pool.name: Invalid value: \"B\": a lowercase RFC 1123 subdomain must consist of "
         "lower case alphanumeric characters, '-' or '.', and must start and end with an "
         "alphanumeric character (e.g. 'example.com', regex used for validation is "
         "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'); "
         "spec.nodeSelector.nodeSelectorTerms: Required value: must have at least one node "
         "selector term; spec.nodeSelector.nodeSelectorTerms: Invalid value: []: must have exactly "
         "one node selector term; spec.devices[0].attributes[x]: Invalid value: "
         "{\"IntValue\":null,\"BoolValue\":true,\"StringValue\":\"a\",\"VersionValue\":null,"
         "\"IntValues\":null,\"BoolValues\":null,\"StringValues\":null,\"VersionValues\":null}: "
         "exactly one value must be specified; "
         "spec.devices[0].capacity[m].requestPolicy: Forbidden: allowMultipleAllocations must be "
         "true; spec.devices[0]: Invalid value: null: `nodeName`, `nodeSelector` and `allNodes` "
         "can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec"},
    };

    judge(rows, ARRAY_LEN(rows));
}

#define CLAIM(devices) "{'spec':{'devices':" devices "}}"
#define EXACT(more)    CLAIM("{'requests':[{'name':'r','exactly':{'deviceClassName':'d'," more "}}]}")
#define CEL(text)      EXACT("'selectors':[{'cel':{'expression':'" text "'}}]")

TEST(of_claims)
{
    static const Row rows[] = {
        {"ResourceClaim", "", NULL, CLAIM("{'requests':[{'name':'','exactly':{}}]}"),
         "spec.devices.requests[0].name: Invalid value: \"\": a lowercase RFC 1123 label must "
         "consist of lower case alphanumeric characters or '-', and must start and end with "
         "an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation "
         "is '[a-z0-9]([-a-z0-9]*[a-z0-9])?'); "
         "spec.devices.requests[0].exactly.deviceClassName: Required value"},
        {"ResourceClaim", "", NULL, CLAIM("{'requests':[{'name':'r'}]}"),
         "spec.devices.requests[0]: Required value: exactly one of `exactly` or "
         "`firstAvailable` is required"},
        {"ResourceClaim", "", NULL,
         CLAIM("{'requests':[{'name':'r','firstAvailable':[{'name':'a','deviceClassName':'d'},"
               "{'name':'a','deviceClassName':'D','allocationMode':'X'}]}]}"),
         "spec.devices.requests[0].firstAvailable[1].deviceClassName: Invalid value: \"D\": a "
         "lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, "
         "'-' or '.', and must start and end with an alphanumeric character (e.g. "
         "'example.com', regex used for validation is "
         "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'); "
         "spec.devices.requests[0].firstAvailable[1].allocationMode: Unsupported value: "
         "\"X\": supported values: \"All\", \"ExactCount\"; "
         "spec.devices.requests[0].firstAvailable[1]: Duplicate value: \"a\""},
        {"ResourceClaim", "", NULL,
         EXACT("'tolerations':[{'key':'a b','operator':'X','effect':'Y'},"
               "{'operator':'Exists','value':'a'},{'operator':'Equal','value':'a "
               "b'},{'operator':''}]"),
         "spec.devices.requests[0].exactly.tolerations[0].key: Invalid value: \"a b\": name "
         "part must consist of alphanumeric characters, '-', '_' or '.', and must start and "
         "end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', "
         "regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'); "
         "spec.devices.requests[0].exactly.tolerations[0].operator: Unsupported value: \"X\": "
         "supported values: \"Equal\", \"Exists\"; "
         "spec.devices.requests[0].exactly.tolerations[0].effect: Unsupported value: \"Y\": "
         "supported values: \"NoExecute\", \"NoSchedule\", \"None\"; "
         "spec.devices.requests[0].exactly.tolerations[1].value: Invalid value: \"a\": must "
         "be empty for operator `Exists`; "
         "spec.devices.requests[0].exactly.tolerations[2].value: Invalid value: \"a b\": a "
         "valid label must be an empty string or consist of alphanumeric characters, '-', '_' "
         "or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or "
         "'my_value',  or '12345', regex used for validation is "
         "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"},
        {"ResourceClaim", "", NULL,
         CLAIM("{'requests':[{'name':'r','exactly':{'deviceClassName':'d'}}],'constraints':["
               "{'matchAttribute':'a/b/c'},{'distinctAttribute':'/x'},{'matchAttribute':'a.b/1'},"
               "{'requests':['r','r'],'matchAttribute':'a.b/'}]}"),
         "spec.devices.constraints[0].matchAttribute: Invalid value: \"a/b/c\": must not "
         "contain more than one slash; spec.devices.constraints[1].distinctAttribute: Invalid "
         "value: \"\": the domain must not be empty; "
         "spec.devices.constraints[2].matchAttribute: Invalid value: \"1\": a valid C "
         "identifier must start with alphabetic character or '_', followed by a string of "
         "alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex "
         "used for validation is '[A-Za-z_][A-Za-z0-9_]*'); "
         "spec.devices.constraints[3].requests[1]: Duplicate value: \"r\"; "
         "spec.devices.constraints[3].matchAttribute: Invalid value: \"\": the name must not "
         "be empty"},
        {"ResourceClaim", "", NULL,
         CLAIM(
             "{'requests':[{'name':'r','exactly':{'deviceClassName':'d'}}],'config':[{'opaque':"
             "{'driver':'A.b','parameters':[1]}},{'requests':['r/s'],'opaque':{'driver':'a_'}}]}"),
         "spec.devices.config[0].opaque.parameters: Invalid value: \"<value omitted>\": must "
         "be a valid JSON object; spec.devices.config[1].requests[0]: Invalid value: \"r/s\": "
         "must be the name of a request in the claim or the name of a request and a "
         "subrequest separated by '/'; spec.devices.config[1].opaque.driver: Invalid value: "
         "\"a_\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric "
         "characters, '-' or '.', and must start and end with an alphanumeric character (e.g. "
         "'example.com', regex used for validation is "
         "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'); "
         "spec.devices.config[1].opaque.parameters: Required value"},
        {"ResourceClaim", "", NULL, CEL("device.driver == \\\"x\\\""), ""},
        {"ResourceClaim", "", NULL, CEL("device.attributes[\\\"a.b\\\"].c"), ""},
        {"ResourceClaim", "", NULL, CEL("cel.bind(d, device.attributes[\\\"x\\\"], d.a && d.b)"),
         ""},
        {"ResourceClaim", "", NULL,
         CEL("device.capacity[\\\"a\\\"].b.isGreaterThan(quantity(\\\"1\\\"))"), ""},
        {"ResourceClaim", "", NULL, CEL("1 + 1"),
         "spec.devices.requests[0].exactly.selectors[0].cel.expression: Invalid value: \"1 + "
         "1\": must evaluate to bool or the unknown type, not int"},
        {"ResourceClaim", "", NULL, CEL("device.foo"),
         "spec.devices.requests[0].exactly.selectors[0].cel.expression: Invalid value: "
         "\"device.foo\": compilation failed: ERROR: <input>:1:7: undefined field 'foo'\n | "
         "device.foo\n | ......^"},
        {"ResourceClaim", "", NULL, CEL("device.attributes == 1"),
         "spec.devices.requests[0].exactly.selectors[0].cel.expression: Invalid value: "
         "\"device.attributes == 1\": compilation failed: ERROR: <input>:1:19: found no "
         "matching overload for '_==_' applied to '(map(string, map(string, any)), int)'\n | "
         "device.attributes == 1\n | ..................^"},
        {"ResourceClaim", "", NULL,
         CEL("device.attributes.all(a, device.attributes.all(b, device.attributes.all(c, "
             "device.attributes.all(d, device.attributes[a][b] == device.attributes[c][d]))))"),
         "spec.devices.requests[0].exactly.selectors[0].cel.expression: Forbidden: too "
         "complex, exceeds cost limit"},
        {"ResourceClaim", "",
         CLAIM("{'requests':[{'name':'r','exactly':{'deviceClassName':'d'}}]}"),
         CLAIM("{'requests':[{'name':'q','exactly':{'deviceClassName':'d','selectors':[{'cel':"
               "{'expression':'1'}}]}}]}"),
         "spec: Invalid value: "
         "{\"Devices\":{\"Requests\":[{\"Name\":\"q\",\"Exactly\":{\"DeviceClassName\":\"d\","
         "\"Selectors\":[{\"CEL\":{\"Expression\":\"1\"}}],\"AllocationMode\":\"ExactCount\","
         "\"Count\":1,\"AdminAccess\":null,\"Tolerations\":null,\"Capacity\":null},"
         "\"FirstAvailable\":null}],\"Constraints\":null,\"Config\":null}}: "
         "field is immutable"},
        {"DeviceClass", "", "{'spec':{'selectors':[{'cel':{'expression':'1'}}]}}",
         "{'spec':{'selectors':[{'cel':{'expression':'1'}}],'extendedResourceName':'a.b/c'}}", ""},
        {"DeviceClass", "", NULL, "{'spec':{'extendedResourceName':''}}",
         "spec.extendedResourceName: Invalid value: \"\": must be a valid extended resource name"},
        {"DeviceClass", "", "{'spec':{'selectors':[{'cel':{'expression':'1'}}]}}",
         "{'spec':{'selectors':[{'cel':{'expression':'2'}},{}]}}",
         "spec.selectors[0].cel.expression: Invalid value: \"2\": must evaluate to bool or "
         "the unknown type, not int; spec.selectors[1].cel: Required value"},
    };

    judge(rows, ARRAY_LEN(rows));
}

#define STATUS(more)                                                                               \
    "{'spec':{'devices':{'requests':[{'name':'r','exactly':{'deviceClassName':'d'}}]}},"           \
    "'status':{" more "}}"
#define RESULT "{'request':'r','driver':'d','pool':'p','device':'e'"

TEST(of_claims_status)
{
    static const Row rows[] = {
        {"ResourceClaim", "status", STATUS(""),
         STATUS("'reservedFor':[{'resource':'pods','name':'a','uid':'1'},{'uid':'1'}]"),
         "status.reservedFor[1].resource: Required value; status.reservedFor[1].name: "
         "Required value; status.reservedFor[1]: Duplicate value: \"1\"; status.reservedFor: "
         "Forbidden: may not be specified when `allocated` is not set"},
        {"ResourceClaim", "status", STATUS(""),
         STATUS("'allocation':{'devices':{'results':[" RESULT "},{'request':'x','driver':'',"
                "'pool':'','device':'','shareID':'1','bindingConditions':['a','a']}],'config':[{"
                "'source':'','opaque':{'driver':'d','parameters':{}}},{'source':'X'}]}}"),
         "status.allocation.devices.results[1].request: Invalid value: \"x\": must be the "
         "name of a request in the claim or the name of a request and a subrequest separated "
         "by '/'; status.allocation.devices.results[1].driver: Required value; "
         "status.allocation.devices.results[1].pool: Required value; "
         "status.allocation.devices.results[1].device: Invalid value: \"\": a lowercase RFC "
         "1123 label must consist of lower case alphanumeric characters or '-', and must "
         "start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex "
         "used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?'); "
         "status.allocation.devices.results[1].bindingConditions[1]: Duplicate value: \"a\"; "
         "status.allocation.devices.results[1].bindingFailureConditions: Invalid value: null: "
         "bindingFailureConditions are required to use bindingConditions; "
         "status.allocation.devices.results[1].shareID: Invalid value: \"1\": error "
         "validating uid: invalid UUID length: 1; status.allocation.devices.config[0].source: "
         "Required value; status.allocation.devices.config[1].source: Unsupported value: "
         "\"X\": supported values: \"FromClaim\", \"FromClass\"; "
         "status.allocation.devices.config[1].opaque: Required value"},
        {"ResourceClaim", "status", STATUS("'allocation':{'devices':{'results':[" RESULT "}]}}"),
         STATUS("'allocation':{'devices':{'results':[" RESULT ",'adminAccess':true}]}}"),
         "status.allocation: Invalid value: "
         "{\"Devices\":{\"Results\":[{\"Request\":\"r\",\"Driver\":\"d\",\"Pool\":\"p\",\"Device\":"
         "\"e\",\"AdminAccess\":true,\"Tolerations\":null,\"BindingConditions\":null,"
         "\"BindingFailureConditions\":null,\"ShareID\":null,\"ConsumedCapacity\":null}],"
         "\"Config\":null},\"NodeSelector\":null,\"AllocationTimestamp\":null}: "
         "field is immutable"},
        {"ResourceClaim", "status", STATUS("'allocation':{'devices':{'results':[" RESULT "}]}}"),
         STATUS("'allocation':{'devices':{'results':[" RESULT "}]}},'devices':[{'driver':'d',"
                "'pool':'p','device':'e','conditions':[{'type':'A','status':'X','reason':'a-'}],"
                "'networkData':{'ips':['10.0.0.1','10.0.0.1/8','010.0.0.1/8','10.0.0.1/8']},"
                "'data':[1]},{'driver':'d','pool':'p','device':'f'}]"),
         "status.devices[0].conditions[0].status: Unsupported value: \"X\": supported values: "
         "\"False\", \"True\", \"Unknown\"; "
         "status.devices[0].conditions[0].lastTransitionTime: Required value: must be set; "
         "status.devices[0].conditions[0].reason: Invalid value: \"a-\": a condition reason "
         "must start with alphabetic character, optionally followed by a string of "
         "alphanumeric characters or '_,:', and must end with an alphanumeric character or "
         "'_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or "
         "'ReasonA:ReasonB', regex used for validation is "
         "'[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?'); status.devices[0].data: Invalid value: "
         "\"<value omitted>\": must be a valid JSON object; "
         "status.devices[0].networkData.ips[0]: Invalid value: \"10.0.0.1\": must be a valid "
         "address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64); "
         "status.devices[0].networkData.ips[2]: Invalid value: \"010.0.0.1/8\": must be in "
         "canonical form (\"10.0.0.1/8\"); status.devices[0].networkData.ips[3]: Duplicate "
         "value: \"10.0.0.1/8\"; status.devices[1]: Invalid value: "
         "{\"Driver\":{},\"Pool\":{},\"Device\":{},\"ShareID\":{}}: must be an allocated "
         "device in the claim"},
    };

    judge(rows, ARRAY_LEN(rows));
}

#define SLICE_OF(more)                                                                             \
    "{'spec':{'driver':'d.x','pool':{'name':'p','resourceSliceCount':1}," more "}}"
#define POLICY(text)                                                                               \
    SLICE_OF("'allNodes':true,'devices':[{'name':'a','allowMultipleAllocations':true,"             \
             "'capacity':{'m':{'value':'10','requestPolicy':{" text "}}}}]")

TEST(of_slices)
{
    static const Row rows[] = {
        {"ResourceSlice", "", NULL,
         SLICE_OF("'allNodes':true,'sharedCounters':[{'name':'a','counters':{'x':{'value':'1'}}},"
                  "{'name':'a','counters':{}},{'name':'','counters':{'X':{'value':'1'}}}]"),
         "spec.sharedCounters[1].counters: Required value; spec.sharedCounters[2].name: "
         "Required value; spec.sharedCounters[2].counters: Invalid value: \"X\": a lowercase "
         "RFC 1123 label must consist of lower case alphanumeric characters or '-', and must "
         "start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex "
         "used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?'); spec.sharedCounters[1]: "
         "Duplicate value: \"a\""},
        {"ResourceSlice", "", NULL,
         SLICE_OF(
             "'allNodes':true,'devices':[{'name':'a','attributes':{'x':{'version':'1.02.3'},"
             "'1':{'int':1}},'taints':[{'key':'','effect':'X','value':'a b'},{'key':'k'}],"
             "'consumesCounters':[{'counterSet':'a','counters':{}},{'counterSet':'A','counters':"
             "{'b':{'value':'1'}}}],'bindingConditions':['a','a'],'bindingFailureConditions':"
             "['a']},{'name':'b','bindingConditions':['c']}]"),
         "spec.devices[0].attributes: Invalid value: \"1\": a valid C identifier must start "
         "with alphabetic character or '_', followed by a string of alphanumeric characters "
         "or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is "
         "'[A-Za-z_][A-Za-z0-9_]*'); spec.devices[0].attributes[x].version: Invalid value: "
         "\"1.02.3\": must be a string compatible with semver.org spec 2.0.0; "
         "spec.devices[0].taints[0].key: Invalid value: \"\": name part must be non-empty; "
         "spec.devices[0].taints[0].key: Invalid value: \"\": name part must consist of "
         "alphanumeric characters, '-', '_' or '.', and must start and end with an "
         "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
         "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'); "
         "spec.devices[0].taints[0].value: Invalid value: \"a b\": a valid label must be an "
         "empty string or consist of alphanumeric characters, '-', '_' or '.', and must start "
         "and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or "
         "'12345', regex used for validation is "
         "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?'); spec.devices[0].taints[0].effect: "
         "Unsupported value: \"X\": supported values: \"NoExecute\", \"NoSchedule\", "
         "\"None\"; spec.devices[0].taints[1].effect: Required value; "
         "spec.devices[0].consumesCounters[0].counters: Required value; "
         "spec.devices[0].consumesCounters[1].counterSet: Invalid value: \"A\": a lowercase "
         "RFC 1123 label must consist of lower case alphanumeric characters or '-', and must "
         "start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex "
         "used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?'); "
         "spec.devices[0].bindingConditions[1]: Duplicate value: \"a\"; "
         "spec.devices[0].bindingFailureConditions[0]: Invalid value: \"a\": "
         "bindingFailureConditions must not overlap with bindingConditions; "
         "spec.devices[1].bindingFailureConditions: Invalid value: null: "
         "bindingFailureConditions are required to use bindingConditions"},
        {"ResourceSlice", "", NULL,
         SLICE_OF(
             "'perDeviceNodeSelection':true,'devices':[{'name':'a'},{'name':'b','nodeName':''},"
             "{'name':'c','allNodes':false},{'name':'d','allNodes':true,'nodeName':'x'}]"),
         "spec.devices[0]: Required value: exactly one of `nodeName`, `nodeSelector`, or "
         "`allNodes` is required when `perDeviceNodeSelection` is set to true in the "
         "ResourceSlice spec; spec.devices[1].nodeName: Invalid value: \"\": must not be "
         "empty; spec.devices[1]: Required value: exactly one of `nodeName`, `nodeSelector`, "
         "or `allNodes` is required when `perDeviceNodeSelection` is set to true in the "
         "ResourceSlice spec; spec.devices[2].allNodes: Invalid value: false: must be either "
         "unset or set to true; spec.devices[2]: Required value: exactly one of `nodeName`, "
         "`nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to "
         "true in the ResourceSlice spec; spec.devices[3]: Invalid value: \"{`nodeName`, "
         "`allNodes`}\": exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required "
         "when `perDeviceNodeSelection` is set to true in the ResourceSlice spec"},
        {"ResourceSlice", "", NULL, POLICY("'validValues':['3','1']"),
         "spec.devices[0].capacity[m].requestPolicy.default: Required value: required when "
         "validValues is defined"},
        {"ResourceSlice", "", NULL, POLICY("'default':'4','validValues':['3','1','1','20']"),
         "spec.devices[0].capacity[m].requestPolicy.validValues[1]: Invalid value: \"1\": "
         "values must be sorted in ascending order; "
         "spec.devices[0].capacity[m].requestPolicy.validValues[3]: Invalid value: \"20\": "
         "option is larger than capacity value: 10; "
         "spec.devices[0].capacity[m].requestPolicy.validValues[2]: Duplicate value: \"1\"; "
         "spec.devices[0].capacity[m].requestPolicy.validValues: Invalid value: \"4\": "
         "default value is not valid according to the requestPolicy"},
        {"ResourceSlice", "", NULL,
         POLICY("'default':'4','validRange':{'min':'1'},'validValues':['4']"),
         "spec.devices[0].capacity[m].requestPolicy: Forbidden: exactly one policy can be "
         "specified, cannot specify \"validValues\" and \"validRange\" at the same time"},
        {"ResourceSlice", "", NULL, POLICY("'validRange':{'min':'1'}"),
         "spec.devices[0].capacity[m].requestPolicy.default: Required value: required when "
         "validRange is defined"},
        {"ResourceSlice", "", NULL, POLICY("'default':'4','validRange':{'max':'3'}"),
         "spec.devices[0].capacity[m].requestPolicy.validRange.min: Required value: required when "
         "validRange is defined"},
        {"ResourceSlice", "", NULL,
         POLICY("'default':'4','validRange':{'min':'1','step':'2','max':'12'}"),
         "spec.devices[0].capacity[m].requestPolicy.validRange.max: Invalid value: \"12\": "
         "max is larger than capacity value: 10; "
         "spec.devices[0].capacity[m].requestPolicy.validRange.step: Invalid value: \"4\": "
         "value is not a multiple of a given step (2) from (1); "
         "spec.devices[0].capacity[m].requestPolicy.validRange.step: Invalid value: \"12\": "
         "value is not a multiple of a given step (2) from (1)"},
        {"ResourceSlice", "", NULL,
         POLICY("'default':'1','validRange':{'min':'11','step':'0','max':'5'}"),
         "spec.devices[0].capacity[m].requestPolicy.validRange.min: Invalid value: \"11\": "
         "min is larger than capacity value: 10; "
         "spec.devices[0].capacity[m].requestPolicy.validRange.default: Invalid value: \"1\": "
         "default is less than min: 11; "
         "spec.devices[0].capacity[m].requestPolicy.validRange.max: Invalid value: \"11\": "
         "min is larger than max: 5; "
         "spec.devices[0].capacity[m].requestPolicy.validRange.step: Invalid value: \"0\": "
         "must be greater than zero"},
        {"ResourceSlice", "", NULL,
         POLICY("'default':'3','validRange':{'min':'1','step':'2','max':'5'}"), ""},
        {"ResourceSlice", "", SLICE_OF("'allNodes':true"),
         "{'spec':{'driver':'e','pool':{'name':'q','resourceSliceCount':1},'nodeName':'n'}}",
         "spec.pool.name: Invalid value: \"q\": field is immutable; spec.driver: Invalid "
         "value: \"e\": field is immutable; spec.nodeName: Invalid value: \"n\": field is "
         "immutable"},
        {"ResourceSlice", "",
         SLICE_OF("'allNodes':true,'devices':[{'name':'a','taints':[{'key':'','effect':'X'}]}]"),
         SLICE_OF("'allNodes':true,'devices':[{'name':'a','taints':[{'key':'','effect':'X'}]},"
                  "{'name':'b','taints':[{'key':'k','effect':'X'}]}]"),
         "spec.devices[1].taints[0].effect: Unsupported value: \"X\": supported values: "
         "\"NoExecute\", \"NoSchedule\", \"None\""},
    };

    judge(rows, ARRAY_LEN(rows));
}

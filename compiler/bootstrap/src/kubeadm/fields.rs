//! The fields of a `KubeadmConfigSpec` in both contracts, as data: what decides an unknown field, and which scalars become text.
//!
//! Source: cluster-api `api/bootstrap/kubeadm/{v1beta1,v1beta2}`.

/// A contract version of Cluster API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contract {
    /// The old one; converted to v1beta2 before it is used.
    V1Beta1,
    /// The one the provider works with.
    V1Beta2,
}

/// The type of a field, as far as decoding depends on it.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// Text; a number or a bool is taken as its text.
    Str,
    /// `true` or `false`.
    Bool,
    /// A 32-bit integer.
    Int,
    /// A Go duration as text.
    Duration,
    /// A list; its items' type.
    List(&'static Type),
    /// A map from text; its values' type.
    Map(&'static Type),
    /// A struct.
    Struct(&'static [(&'static str, Type)]),
    /// A whole object: what every kind has, around a spec of this type.
    Object(&'static Type),
    /// Text that stays as strict as JSON: a number is an error. So it is for fields that the API's structs inline, whose type the YAML library
    /// does not see.
    Exact,
    /// A time in RFC 3339.
    Time,
    /// A bootstrap token.
    Token,
    /// Anything: not looked into.
    Any,
}

use Type::{Any, Bool, Duration, Exact, Int, List, Map, Str, Struct, Time, Token};

const STRINGS: Type = List(&Str);
const STRING_MAP: Type = Map(&Str);

const TAINTS: Type = List(&Struct(&[("key", Str), ("value", Str), ("effect", Str), ("timeAdded", Time)]));

const ENVS: Type = List(&Struct(&[("name", Exact), ("value", Exact), ("valueFrom", Any)]));
const ARGS: Type = List(&Struct(&[("name", Str), ("value", Str)]));
const VOLUMES: Type =
    List(&Struct(&[("name", Str), ("hostPath", Str), ("mountPath", Str), ("readOnly", Bool), ("pathType", Str)]));
const EXACT_VOLUMES: Type = List(&Struct(&[
    ("name", Exact),
    ("hostPath", Exact),
    ("mountPath", Exact),
    ("readOnly", Bool),
    ("pathType", Exact),
]));
const API_ENDPOINT: Type = Struct(&[("advertiseAddress", Str), ("bindPort", Int)]);
const PATCHES: Type = Struct(&[("directory", Str)]);
const EXTERNAL_ETCD: Type = Struct(&[("endpoints", STRINGS), ("caFile", Str), ("certFile", Str), ("keyFile", Str)]);
const DNS: Type = Struct(&[("imageRepository", Str), ("imageTag", Str)]);
const BOOTSTRAP_TOKEN_DISCOVERY: Type = Struct(&[
    ("token", Str),
    ("apiServerEndpoint", Str),
    ("caCertHashes", STRINGS),
    ("unsafeSkipCAVerification", Bool),
]);
const FILE_DISCOVERY: Type = Struct(&[
    ("kubeConfigPath", Str),
    (
        "kubeConfig",
        Struct(&[
            (
                "cluster",
                Struct(&[
                    ("server", Str),
                    ("tlsServerName", Str),
                    ("insecureSkipTLSVerify", Bool),
                    ("certificateAuthorityData", Any),
                    ("proxyURL", Str),
                ]),
            ),
            (
                "user",
                Struct(&[
                    ("authProvider", Struct(&[("name", Str), ("config", STRING_MAP)])),
                    (
                        "exec",
                        Struct(&[
                            ("command", Str),
                            ("args", STRINGS),
                            ("env", List(&Struct(&[("name", Str), ("value", Str)]))),
                            ("apiVersion", Str),
                            ("provideClusterInfo", Bool),
                        ]),
                    ),
                ]),
            ),
        ]),
    ),
]);
const JOIN_CONTROL_PLANE: Type = Struct(&[("localAPIEndpoint", API_ENDPOINT)]);

const SECRET_SOURCE: Type = Struct(&[("secret", Struct(&[("name", Str), ("key", Str)]))]);
const FILES: Type = List(&Struct(&[
    ("path", Str),
    ("owner", Str),
    ("permissions", Str),
    ("encoding", Str),
    ("append", Bool),
    ("content", Str),
    ("contentFrom", SECRET_SOURCE),
    ("contentFormat", Str),
]));
const DISK_SETUP: Type = Struct(&[
    (
        "partitions",
        List(&Struct(&[
            ("device", Str),
            ("layout", Bool),
            ("overwrite", Bool),
            ("tableType", Str),
            ("diskLayout", List(&Struct(&[("percentage", Int), ("partitionType", Str)]))),
        ])),
    ),
    (
        "filesystems",
        List(&Struct(&[
            ("device", Str),
            ("filesystem", Str),
            ("label", Str),
            ("partition", Str),
            ("overwrite", Bool),
            ("replaceFS", Str),
            ("extraOpts", STRINGS),
        ])),
    ),
]);
const USERS: Type = List(&Struct(&[
    ("name", Str),
    ("gecos", Str),
    ("groups", Str),
    ("homeDir", Str),
    ("inactive", Bool),
    ("shell", Str),
    ("passwd", Str),
    ("passwdFrom", SECRET_SOURCE),
    ("primaryGroup", Str),
    ("lockPassword", Bool),
    ("sudo", Str),
    ("sshAuthorizedKeys", STRINGS),
]));
const NTP: Type = Struct(&[("servers", STRINGS), ("enabled", Bool)]);
const IGNITION: Type = Struct(&[("containerLinuxConfig", Struct(&[("additionalConfig", Str), ("strict", Bool)]))]);

const TIMEOUTS: Type = Struct(&[
    ("controlPlaneComponentHealthCheckSeconds", Int),
    ("kubeletHealthCheckSeconds", Int),
    ("kubernetesAPICallSeconds", Int),
    ("etcdAPICallSeconds", Int),
    ("tlsBootstrapSeconds", Int),
    ("discoverySeconds", Int),
]);

const NODE_REGISTRATION: Type = Struct(&[
    ("name", Str),
    ("criSocket", Str),
    ("taints", TAINTS),
    ("kubeletExtraArgs", ARGS),
    ("ignorePreflightErrors", STRINGS),
    ("imagePullPolicy", Str),
    ("imagePullSerial", Bool),
]);
const NODE_REGISTRATION_V1BETA1: Type = Struct(&[
    ("name", Str),
    ("criSocket", Str),
    ("taints", TAINTS),
    ("kubeletExtraArgs", STRING_MAP),
    ("ignorePreflightErrors", STRINGS),
    ("imagePullPolicy", Str),
    ("imagePullSerial", Bool),
]);

const COMPONENT: Type = Struct(&[("extraArgs", ARGS), ("extraVolumes", VOLUMES), ("extraEnvs", ENVS)]);
const COMPONENT_V1BETA1: Type = Struct(&[("extraArgs", STRING_MAP), ("extraVolumes", VOLUMES), ("extraEnvs", ENVS)]);

const CLUSTER_CONFIGURATION: Type = Struct(&[
    (
        "etcd",
        Struct(&[
            (
                "local",
                Struct(&[
                    ("imageRepository", Str),
                    ("imageTag", Str),
                    ("dataDir", Str),
                    ("extraArgs", ARGS),
                    ("extraEnvs", ENVS),
                    ("serverCertSANs", STRINGS),
                    ("peerCertSANs", STRINGS),
                ]),
            ),
            ("external", EXTERNAL_ETCD),
        ]),
    ),
    ("controlPlaneEndpoint", Str),
    (
        "apiServer",
        Struct(&[("extraArgs", ARGS), ("extraVolumes", VOLUMES), ("extraEnvs", ENVS), ("certSANs", STRINGS)]),
    ),
    ("controllerManager", COMPONENT),
    ("scheduler", COMPONENT),
    ("dns", DNS),
    ("certificatesDir", Str),
    ("imageRepository", Str),
    ("featureGates", Map(&Bool)),
    ("certificateValidityPeriodDays", Int),
    ("caCertificateValidityPeriodDays", Int),
    ("encryptionAlgorithm", Str),
]);

const CLUSTER_CONFIGURATION_V1BETA1: Type = Struct(&[
    ("kind", Str),
    ("apiVersion", Str),
    (
        "etcd",
        Struct(&[
            (
                "local",
                Struct(&[
                    ("imageRepository", Exact),
                    ("imageTag", Exact),
                    ("dataDir", Str),
                    ("extraArgs", STRING_MAP),
                    ("extraEnvs", ENVS),
                    ("serverCertSANs", STRINGS),
                    ("peerCertSANs", STRINGS),
                ]),
            ),
            ("external", EXTERNAL_ETCD),
        ]),
    ),
    ("networking", Struct(&[("serviceSubnet", Str), ("podSubnet", Str), ("dnsDomain", Str)])),
    ("kubernetesVersion", Str),
    ("controlPlaneEndpoint", Str),
    (
        "apiServer",
        Struct(&[
            ("extraArgs", Map(&Exact)),
            ("extraVolumes", EXACT_VOLUMES),
            ("extraEnvs", ENVS),
            ("certSANs", STRINGS),
            ("timeoutForControlPlane", Duration),
        ]),
    ),
    ("controllerManager", COMPONENT_V1BETA1),
    ("scheduler", COMPONENT_V1BETA1),
    ("dns", Struct(&[("imageRepository", Exact), ("imageTag", Exact)])),
    ("certificatesDir", Str),
    ("imageRepository", Str),
    ("featureGates", Map(&Bool)),
    ("clusterName", Str),
    ("certificateValidityPeriodDays", Int),
    ("caCertificateValidityPeriodDays", Int),
    ("encryptionAlgorithm", Str),
]);

/// The v1beta2 `KubeadmConfigSpec`.
pub const KUBEADM_CONFIG_SPEC: Type = Struct(&[
    ("clusterConfiguration", CLUSTER_CONFIGURATION),
    (
        "initConfiguration",
        Struct(&[
            (
                "bootstrapTokens",
                List(&Struct(&[
                    ("token", Token),
                    ("description", Str),
                    ("ttlSeconds", Int),
                    ("expires", Time),
                    ("usages", STRINGS),
                    ("groups", STRINGS),
                ])),
            ),
            ("nodeRegistration", NODE_REGISTRATION),
            ("localAPIEndpoint", API_ENDPOINT),
            ("skipPhases", STRINGS),
            ("patches", PATCHES),
            ("timeouts", TIMEOUTS),
        ]),
    ),
    (
        "joinConfiguration",
        Struct(&[
            ("nodeRegistration", NODE_REGISTRATION),
            ("caCertPath", Str),
            (
                "discovery",
                Struct(&[
                    ("bootstrapToken", BOOTSTRAP_TOKEN_DISCOVERY),
                    ("file", FILE_DISCOVERY),
                    ("tlsBootstrapToken", Str),
                ]),
            ),
            ("controlPlane", JOIN_CONTROL_PLANE),
            ("skipPhases", STRINGS),
            ("patches", PATCHES),
            ("timeouts", TIMEOUTS),
        ]),
    ),
    ("files", FILES),
    ("diskSetup", DISK_SETUP),
    ("mounts", List(&STRINGS)),
    ("bootCommands", STRINGS),
    ("preKubeadmCommands", STRINGS),
    ("postKubeadmCommands", STRINGS),
    ("users", USERS),
    ("ntp", NTP),
    ("format", Str),
    ("verbosity", Int),
    ("ignition", IGNITION),
]);

/// The v1beta1 `KubeadmConfigSpec`.
pub const KUBEADM_CONFIG_SPEC_V1BETA1: Type = Struct(&[
    ("clusterConfiguration", CLUSTER_CONFIGURATION_V1BETA1),
    (
        "initConfiguration",
        Struct(&[
            ("kind", Str),
            ("apiVersion", Str),
            (
                "bootstrapTokens",
                List(&Struct(&[
                    ("token", Token),
                    ("description", Str),
                    ("ttl", Duration),
                    ("expires", Time),
                    ("usages", STRINGS),
                    ("groups", STRINGS),
                ])),
            ),
            ("nodeRegistration", NODE_REGISTRATION_V1BETA1),
            ("localAPIEndpoint", API_ENDPOINT),
            ("skipPhases", STRINGS),
            ("patches", PATCHES),
        ]),
    ),
    (
        "joinConfiguration",
        Struct(&[
            ("kind", Str),
            ("apiVersion", Str),
            ("nodeRegistration", NODE_REGISTRATION_V1BETA1),
            ("caCertPath", Str),
            (
                "discovery",
                Struct(&[
                    ("bootstrapToken", BOOTSTRAP_TOKEN_DISCOVERY),
                    ("file", FILE_DISCOVERY),
                    ("tlsBootstrapToken", Str),
                    ("timeout", Duration),
                ]),
            ),
            ("controlPlane", JOIN_CONTROL_PLANE),
            ("skipPhases", STRINGS),
            ("patches", PATCHES),
        ]),
    ),
    ("files", FILES),
    ("diskSetup", DISK_SETUP),
    ("mounts", List(&STRINGS)),
    ("bootCommands", STRINGS),
    ("preKubeadmCommands", STRINGS),
    ("postKubeadmCommands", STRINGS),
    ("users", USERS),
    ("ntp", NTP),
    ("format", Str),
    ("verbosity", Int),
    ("useExperimentalRetryJoin", Bool),
    ("ignition", IGNITION),
]);

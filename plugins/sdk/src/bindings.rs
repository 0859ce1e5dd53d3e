//! Bindings generated from `wit/flatwright-plugin`.
//!
//! Owns: one small world per interface that a plugin may export, so that a component exports exactly what [`crate::export!`] names and `meta` once. The
//! types are generated once, in `base`, and shared by all. Must not: hold anything written by hand; the modules named after hooks do.

#![allow(missing_docs, unreachable_pub, reason = "generated; the documentation comes from the WIT package")]
#![allow(clippy::all, reason = "generated")]

pub mod base {
    wit_bindgen::generate!({
        path: "../../wit/flatwright-plugin",
        inline: "
            package flatwright:sdk;
            world sdk-base {
                import flatwright:plugin/log@0.1.0;
                import flatwright:plugin/cluster@0.1.0;
                import flatwright:plugin/findings@0.1.0;
                import flatwright:plugin/image-types@0.1.0;
                import flatwright:plugin/sysupdate-types@0.1.0;
                import flatwright:plugin/kubeadm-types@0.1.0;
                import flatwright:plugin/policy-types@0.1.0;
                export flatwright:plugin/meta@0.1.0;
            }
        ",
        generate_all,
        additional_derives: [PartialEq, Eq],
        pub_export_macro: true,
        export_macro_name: "export_meta",
    });
}

pub mod images {
    wit_bindgen::generate!({
        path: "../../wit/flatwright-plugin",
        inline: "package flatwright:sdk; world sdk-images { export flatwright:plugin/images@0.1.0; }",
        with: {
            "flatwright:plugin/cluster@0.1.0": crate::bindings::base::flatwright::plugin::cluster,
            "flatwright:plugin/findings@0.1.0": crate::bindings::base::flatwright::plugin::findings,
            "flatwright:plugin/image-types@0.1.0": crate::bindings::base::flatwright::plugin::image_types,
        },
        generate_all,
        pub_export_macro: true,
        export_macro_name: "export_images",
    });
}

pub mod sysupdate {
    wit_bindgen::generate!({
        path: "../../wit/flatwright-plugin",
        inline: "package flatwright:sdk; world sdk-sysupdate { export flatwright:plugin/sysupdate@0.1.0; }",
        with: {
            "flatwright:plugin/cluster@0.1.0": crate::bindings::base::flatwright::plugin::cluster,
            "flatwright:plugin/findings@0.1.0": crate::bindings::base::flatwright::plugin::findings,
            "flatwright:plugin/sysupdate-types@0.1.0": crate::bindings::base::flatwright::plugin::sysupdate_types,
        },
        generate_all,
        pub_export_macro: true,
        export_macro_name: "export_sysupdate",
    });
}

pub mod kubeadm {
    wit_bindgen::generate!({
        path: "../../wit/flatwright-plugin",
        inline: "package flatwright:sdk; world sdk-kubeadm { export flatwright:plugin/kubeadm@0.1.0; }",
        with: {
            "flatwright:plugin/cluster@0.1.0": crate::bindings::base::flatwright::plugin::cluster,
            "flatwright:plugin/findings@0.1.0": crate::bindings::base::flatwright::plugin::findings,
            "flatwright:plugin/kubeadm-types@0.1.0": crate::bindings::base::flatwright::plugin::kubeadm_types,
        },
        generate_all,
        pub_export_macro: true,
        export_macro_name: "export_kubeadm",
    });
}

pub mod policy {
    wit_bindgen::generate!({
        path: "../../wit/flatwright-plugin",
        inline: "package flatwright:sdk; world sdk-policy { export flatwright:plugin/policy@0.1.0; }",
        with: {
            "flatwright:plugin/cluster@0.1.0": crate::bindings::base::flatwright::plugin::cluster,
            "flatwright:plugin/findings@0.1.0": crate::bindings::base::flatwright::plugin::findings,
            "flatwright:plugin/policy-types@0.1.0": crate::bindings::base::flatwright::plugin::policy_types,
        },
        generate_all,
        pub_export_macro: true,
        export_macro_name: "export_policy",
    });
}

//! The macro that makes a component of a plugin.

/// Exports a plugin and the hooks that it names: any of `images`, `sysupdate`, `kubeadm` and `policy`.
///
/// ```
/// # use flatwright_plugin_sdk::prelude::*;
/// # struct Quiet;
/// # impl Plugin for Quiet {
/// #     type Settings = NoSettings;
/// #     fn describe() -> Description { description!("does nothing") }
/// # }
/// # impl Images for Quiet {}
/// # impl Policy for Quiet { fn review(_: &Context<NoSettings>, _: &Bundle, _: &mut Report) {} }
/// export!(Quiet: images, policy);
/// # fn main() {}
/// ```
///
/// A hook that is not named is not called, and costs nothing. Naming one whose trait is missing does not compile:
///
/// ```compile_fail
/// # use flatwright_plugin_sdk::prelude::*;
/// # struct Quiet;
/// # impl Plugin for Quiet {
/// #     type Settings = NoSettings;
/// #     fn describe() -> Description { description!("does nothing") }
/// # }
/// export!(Quiet: kubeadm);
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! export {
    ($plugin:ty: $($hook:ident),+ $(,)?) => {
        #[doc(hidden)]
        const _: () = {
            // Natively there is nothing to export, but the traits must be there.
            #[allow(dead_code, reason = "the exported functions use it")]
            type Exported = $crate::__private::Adapter<$plugin>;
            #[cfg(target_arch = "wasm32")]
            $crate::__private::base::export_meta!(Exported with_types_in $crate::__private::base);
            $($crate::export!(@hook Exported $plugin, $hook);)+
        };
    };
    (@hook $adapter:ident $plugin:ty, images) => {
        const _: fn() = || $crate::export!(@has $plugin, $crate::Images);
        #[cfg(target_arch = "wasm32")]
        $crate::__private::images::export_images!($adapter with_types_in $crate::__private::images);
    };
    (@hook $adapter:ident $plugin:ty, sysupdate) => {
        const _: fn() = || $crate::export!(@has $plugin, $crate::Sysupdate);
        #[cfg(target_arch = "wasm32")]
        $crate::__private::sysupdate::export_sysupdate!($adapter with_types_in $crate::__private::sysupdate);
    };
    (@hook $adapter:ident $plugin:ty, kubeadm) => {
        const _: fn() = || $crate::export!(@has $plugin, $crate::Kubeadm);
        #[cfg(target_arch = "wasm32")]
        $crate::__private::kubeadm::export_kubeadm!($adapter with_types_in $crate::__private::kubeadm);
    };
    (@hook $adapter:ident $plugin:ty, policy) => {
        const _: fn() = || $crate::export!(@has $plugin, $crate::Policy);
        #[cfg(target_arch = "wasm32")]
        $crate::__private::policy::export_policy!($adapter with_types_in $crate::__private::policy);
    };
    (@hook $adapter:ident $plugin:ty, $other:ident) => {
        compile_error!(concat!("`", stringify!($other), "` is not a hook; there are `images`, `sysupdate`, `kubeadm` and `policy`"));
    };
    (@has $plugin:ty, $trait:path) => {{
        fn has<P: $trait>() {}
        has::<$plugin>();
    }};
}

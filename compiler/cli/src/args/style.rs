//! What specs are compiled to: options of every command that compares or writes objects.

use clap::Args;

use super::{Compat, Contract, TemplateNames, profile};

/// How objects of specs look.
#[derive(Debug, Args)]
pub(crate) struct Style {
    /// The contract of the Cluster API kinds that specs become.
    #[arg(long, value_enum, default_value_t = Contract::V1beta2)]
    contract: Contract,
    /// How templates are named: with a hash of their content, so that a change rolls out, or as upstream names them.
    #[arg(long, value_enum, default_value_t = TemplateNames::Hashed)]
    template_names: TemplateNames,
    /// Reproduce another project's output instead of the safer default.
    #[arg(long, value_enum, value_name = "PROJECT")]
    compat: Option<Compat>,
}

impl Style {
    /// As the library takes it.
    pub(crate) fn of_specs(&self) -> flatwright::SpecStyle {
        flatwright::SpecStyle {
            contract: self.contract.into(),
            template_names: self.template_names.into(),
            profile: profile(self.compat),
        }
    }
}

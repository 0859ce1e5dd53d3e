//! Every offer with every SKU, architecture, generation, plan and term: the verdict is the one that Azure has.

use flatwright_flatcar::arch::Architecture::{self, Amd64, Arm64};
use flatwright_flatcar::offer::{self, Problem, Reference};
use flatwright_lock::known::{Known, Machine, Unfit, generation, terms, verdict};

/// Offer, what its images run on, whether it is sold with a plan, and whether a SKU without suffix is of generation 2. Flatcar's documentation of Azure.
const OFFERS: [(&str, Architecture, bool, bool); 4] = [
    ("flatcar-container-linux-corevm-amd64", Amd64, false, false),
    ("flatcar-container-linux-corevm", Arm64, false, true),
    ("flatcar-container-linux-free", Amd64, true, false),
    ("flatcar-container-linux", Amd64, true, false),
];
const SKUS: [&str; 6] = ["stable", "stable-gen2", "beta", "beta-gen2", "alpha", "alpha-gen2"];

#[test]
fn every_combination_has_its_verdict() {
    let mut count = 0;
    for (offer, has, is_sold_with_plan, is_plain_gen2) in OFFERS {
        for sku in SKUS {
            let is_gen2 = is_plain_gen2 || sku.ends_with("-gen2");
            assert_eq!(generation(offer, sku), Some(if is_gen2 { "V2" } else { "V1" }), "{offer} {sku}");
            let azure = if has == Amd64 { "x64" } else { "Arm64" };
            let json = format!(
                r#"[{{"architecture":"{azure}","offer":"{offer}","publisher":"kinvolk","sku":"{sku}","urn":"","version":"4593.2.9"}}]"#
            );
            let mut known = Known::default();
            known.add("images.json", json.as_bytes()).unwrap();
            let image = &known.images()[0];
            let accept = format!("az vm image terms accept --publisher kinvolk --offer {offer} --plan {sku}");
            assert_eq!(terms(image), is_sold_with_plan.then_some(accept), "{offer} {sku}");
            for architecture in [Amd64, Arm64] {
                for generations in [[true, true], [true, false], [false, true]] {
                    for sends_plan in [false, true] {
                        let machine = Machine {
                            size: "Standard_X",
                            architecture,
                            generations: generations.map(Some),
                            is_nvme_only: Some(false),
                            sends_plan,
                        };
                        let found = verdict(image, &machine);
                        let has_found = |is: fn(&Unfit) -> bool| found.iter().any(is);
                        let what = format!("{offer} {sku} {architecture} {generations:?} {sends_plan}: {found:?}");
                        assert_eq!(
                            has_found(|unfit| matches!(unfit, Unfit::Architecture { .. })),
                            has != architecture,
                            "{what}"
                        );
                        let lacks = !generations[usize::from(is_gen2)];
                        assert_eq!(has_found(|unfit| matches!(unfit, Unfit::Generation { .. })), lacks, "{what}");
                        let (missing, forbidden) = (is_sold_with_plan && !sends_plan, !is_sold_with_plan && sends_plan);
                        assert_eq!(has_found(|unfit| matches!(unfit, Unfit::PlanMissing { .. })), missing, "{what}");
                        assert_eq!(
                            has_found(|unfit| matches!(unfit, Unfit::PlanForbidden { .. })),
                            forbidden,
                            "{what}"
                        );
                        assert!(!has_found(|unfit| matches!(unfit, Unfit::Nvme { .. })), "{what}");
                        // The compile judges the same without a list.
                        let version = if sku.starts_with("stable") {
                            "4593.2.9"
                        } else if sku.starts_with("beta") {
                            "4757.1.0"
                        } else {
                            "4790.0.0"
                        };
                        let reference =
                            Reference { publisher: "kinvolk", offer, sku, version, is_third_party: sends_plan };
                        let problems = offer::check(&reference, Some(architecture));
                        let has_problem = |is: fn(&Problem) -> bool| problems.iter().any(is);
                        assert_eq!(
                            has_problem(|it| matches!(it, Problem::WrongArchitecture { .. })),
                            has != architecture,
                            "{what}"
                        );
                        assert_eq!(has_problem(|it| matches!(it, Problem::PlanMissing { .. })), missing, "{what}");
                        assert_eq!(has_problem(|it| matches!(it, Problem::PlanForbidden { .. })), forbidden, "{what}");
                        let is_told_of_terms = is_sold_with_plan && sends_plan;
                        assert_eq!(
                            has_problem(|it| matches!(it, Problem::TermsNeeded { .. })),
                            is_told_of_terms,
                            "{what}"
                        );
                        count += 1;
                    }
                }
            }
        }
    }
    assert_eq!(count, 4 * 6 * 2 * 3 * 2);
}

#[test]
fn what_is_not_known_speaks_against_nothing() {
    let mut known = Known::default();
    let id = "/CommunityGalleries/acme/Images/flatcar";
    let json = format!(
        r#"[{{"uniqueId":"{id}","hyperVGeneration":"V1","features":[{{"name":"DiskControllerTypes","value":"SCSI"}}]}},{{"uniqueId":"{id}/Versions/1.2.3"}}]"#
    );
    known.add("definitions.json", json.as_bytes()).unwrap();
    let machine = Machine {
        size: "Standard_X",
        architecture: Arm64,
        generations: [None, None],
        is_nvme_only: Some(true),
        sends_plan: true,
    };
    let (definition, version) = (&known.images()[0], &known.images()[1]);
    assert_eq!(verdict(version, &machine), []);
    assert_eq!(
        verdict(definition, &machine),
        [Unfit::Nvme { image: "acme/flatcar".into(), size: "Standard_X".into() }]
    );
    assert_eq!(verdict(definition, &Machine { is_nvme_only: None, ..machine }), []);
}

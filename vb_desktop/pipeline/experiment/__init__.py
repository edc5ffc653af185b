"""The paper's tables on a cohort: ablation (Table 2), backbones (Table 3), figures and paired tests in one command."""

"""The catalogues: open models, accelerators, licences, proprietary models, hosts. They hold no rules."""

"""The pure core: facts, catalogues, cost, licence, risk and decision. It knows no model, network or clock."""

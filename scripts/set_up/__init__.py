"""The set-up of Weighbridge, standard library only; knows the commands of the product, not its code."""

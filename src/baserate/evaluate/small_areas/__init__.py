"""Many small areas, weighted until they add up to the treated ones."""

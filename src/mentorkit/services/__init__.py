"""The use cases, one module a domain. They hang off a kit, and know no format by name."""

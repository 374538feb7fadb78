from bootstrap.internals.lean_imports import import_lean

import_lean()

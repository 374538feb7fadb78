from bootstrap.lean_imports import import_lean

import_lean()

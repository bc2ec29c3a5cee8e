# SPDX-License-Identifier: Apache-2.0
"""A spreadsheet of people, read row by row into a program: `peerkit import sheet`.

`reading` gives lines of cells from CSV and XLSX, `columns` says which column is what, `values` reads what a
cell can mean (a day, a language), `rows` makes of a line what should come in, `importing` brings it in, and
`undoing` takes a whole import out again. No decision comes in confirmed: only a paper attests one.
"""

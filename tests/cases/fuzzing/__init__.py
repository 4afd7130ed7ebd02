"""Files spoiled on purpose: each of them must open or get its sentence, and leave nothing behind.

``python -m tests.cases.fuzzing --help`` runs many; the tests run some in every continuous integration.

- `seeds`: one small intact file of every format; `records`: where its parts and their lengths lie.
- `mutation`: how files are spoiled; `trial`: what became of each; `parts`: many, in processes of their own.
- `parsers`: one harness for each parser of ours; `guided`: atheris on each of them.
- `rot`: how often damage inside the frames of videos is noticed.
- `table`: the result as ``docs/fuzzing.md``.
"""

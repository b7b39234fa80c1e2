"""Behind the doors of a line: who looks at many cases, and who reads them all."""

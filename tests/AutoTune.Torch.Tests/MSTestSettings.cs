// libtorch has one random state and one count of threads a process.
[assembly: DoNotParallelize]

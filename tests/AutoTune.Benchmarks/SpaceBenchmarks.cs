using BenchmarkDotNet.Attributes;

namespace AutoTune.Benchmarks;

/// <summary>A configuration drawn, encoded and decoded.</summary>
[MemoryDiagnoser]
public class SpaceBenchmarks
{
    private readonly SearchSpace _space = BenchmarkSpaces.Conditional();
    private readonly RandomSource _random = new(1);
    private readonly double[] _unit = new double[11];
    private readonly bool[] _active = new bool[11];
    private Configuration _configuration = null!;

    [GlobalSetup]
    public void Setup() => _configuration = _space.Sample(_random);

    [Benchmark]
    public Configuration Sample() => _space.Sample(_random);

    [Benchmark]
    public void Encode() => _space.Encoding.Encode(_configuration, _unit, _active);

    [Benchmark]
    public Configuration SampleEncodeDecode()
    {
        _space.Encoding.Encode(_space.Sample(_random), _unit, _active);
        return _space.Encoding.Decode(_unit);
    }
}

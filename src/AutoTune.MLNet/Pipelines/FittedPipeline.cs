using Microsoft.ML;

namespace AutoTune.MLNet;

/// <summary>The transformers of one fit, released as soon as they are evaluated: native models would pile up over the trials.</summary>
internal sealed class FittedPipeline : IDisposable
{
    private readonly List<(ITransformer Transformer, bool Owns)> _transformers = [];

    public void Add(ITransformer transformer, bool owns) => _transformers.Add((transformer, owns));

    public IDataView Transform(IDataView data) => _transformers.Aggregate(data, (view, entry) => entry.Transformer.Transform(view));

    public void Dispose()
    {
        foreach (var (transformer, owns) in _transformers)
        {
            if (owns) (transformer as IDisposable)?.Dispose();
        }

        _transformers.Clear();
    }
}

using Microsoft.ML;
using Microsoft.ML.Data;

namespace AutoTune.MLNet.Tests;

/// <summary>Does nothing to the data, and counts how often its transformer, the same for every fit, is disposed; like that of an ONNX model.</summary>
internal sealed class DisposableStep : IEstimator<ITransformer>, ITransformer, IDisposable
{
    public int Disposals { get; private set; }

    public bool IsRowToRowMapper => false;

    public ITransformer Fit(IDataView input) => this;

    public IDataView Transform(IDataView input) => Disposals == 0 ? input : throw new ObjectDisposedException(nameof(DisposableStep));

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

    public void Save(ModelSaveContext ctx) => throw new NotSupportedException();

    public void Dispose() => Disposals++;
}

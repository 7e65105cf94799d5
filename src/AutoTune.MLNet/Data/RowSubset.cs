using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AutoTune.MLNet;

/// <summary>Some rows of cached data, in their order, or shuffled if asked: a fold, or the rest of it.</summary>
/// <remarks>
/// Rows are told apart by the cache's row ids, which are their positions before any shuffling (a test holds ML.NET to that). Thread-safe.
/// </remarks>
internal sealed class RowSubset : IDataView
{
    private readonly IDataView _cache;
    private readonly ImmutableArray<bool> _includes;
    private readonly long _count;

    /// <param name="cache">All rows, in ML.NET's memory cache.</param>
    /// <param name="includes">For each row whether it belongs here.</param>
    public RowSubset(IDataView cache, ImmutableArray<bool> includes)
    {
        _cache = cache;
        _includes = includes;
        _count = includes.Count(included => included);
    }

    public bool CanShuffle => _cache.CanShuffle;

    public DataViewSchema Schema => _cache.Schema;

    public long? GetRowCount() => _count;

    // The interface asks for System.Random; it is ML.NET's, seeded by its context, and only handed on.
#pragma warning disable RS0030
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        => new Cursor(_cache.GetRowCursor(columnsNeeded, rand), _includes);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];
#pragma warning restore RS0030

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly DataViewRowCursor _input;
        private readonly ImmutableArray<bool> _includes;
        private readonly ValueGetter<DataViewRowId> _id;
        private long _position = -1;

        public Cursor(DataViewRowCursor input, ImmutableArray<bool> includes)
        {
            _input = input;
            _includes = includes;
            _id = input.GetIdGetter();
        }

        public override long Position => _position;

        public override long Batch => _input.Batch;

        public override DataViewSchema Schema => _input.Schema;

        public override bool MoveNext()
        {
            DataViewRowId id = default;
            while (_input.MoveNext())
            {
                _id(ref id);
                if (!_includes[(int)id.Low]) continue;
                _position++;
                return true;
            }

            _position = -1;
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _input.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _input.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => _id;

        protected override void Dispose(bool disposing)
        {
            if (disposing) _input.Dispose();
            base.Dispose(disposing);
        }
    }
}

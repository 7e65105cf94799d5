using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AutoTune.MLNet;

/// <summary>A scalar column read into numbers: numbers as they are, booleans 0 or 1, keys and texts by their order of appearance; NaN where missing.</summary>
internal static class ColumnValues
{
    /// <returns>A value a row; null if the column's type has no such reading.</returns>
    public static ImmutableArray<double>? Read(IDataView data, string column)
    {
        var found = data.Schema[column];
        var type = found.Type;
        if (type is KeyDataViewType) return ReadKeys(data, found);
        if (type is not PrimitiveDataViewType) return null;
        if (type.RawType == typeof(float)) return Read<float>(data, found, value => value);
        if (type.RawType == typeof(double)) return Read<double>(data, found, value => value);
        if (type.RawType == typeof(bool)) return Read<bool>(data, found, value => value ? 1 : 0);
        if (type.RawType == typeof(sbyte)) return Read<sbyte>(data, found, value => value);
        if (type.RawType == typeof(byte)) return Read<byte>(data, found, value => value);
        if (type.RawType == typeof(short)) return Read<short>(data, found, value => value);
        if (type.RawType == typeof(ushort)) return Read<ushort>(data, found, value => value);
        if (type.RawType == typeof(int)) return Read<int>(data, found, value => value);
        if (type.RawType == typeof(uint)) return Read<uint>(data, found, value => value);
        if (type.RawType == typeof(long)) return Read<long>(data, found, value => value);
        if (type.RawType == typeof(ulong)) return Read<ulong>(data, found, value => value);
        return type is TextDataViewType ? ReadTexts(data, found) : null;
    }

    private static ImmutableArray<double> ReadKeys(IDataView data, DataViewSchema.Column column)
    {
        static double Code(ulong key) => key == 0 ? double.NaN : key; // 0 is a key's missing value
        if (column.Type.RawType == typeof(byte)) return Read<byte>(data, column, key => Code(key));
        if (column.Type.RawType == typeof(ushort)) return Read<ushort>(data, column, key => Code(key));
        return column.Type.RawType == typeof(uint) ? Read<uint>(data, column, key => Code(key)) : Read<ulong>(data, column, Code);
    }

    private static ImmutableArray<double> ReadTexts(IDataView data, DataViewSchema.Column column)
    {
        var codes = new Dictionary<string, double>(StringComparer.Ordinal);
        return Read<ReadOnlyMemory<char>>(data, column, memory =>
        {
            if (memory.IsEmpty) return double.NaN;
            var text = memory.ToString();
            if (!codes.TryGetValue(text, out var code)) codes[text] = code = codes.Count;
            return code;
        });
    }

    private static ImmutableArray<double> Read<T>(IDataView data, DataViewSchema.Column column, Func<T, double> code)
    {
        var values = ImmutableArray.CreateBuilder<double>();
        using var cursor = data.GetRowCursor([column]);
        var get = cursor.GetGetter<T>(column);
        T value = default!;
        while (cursor.MoveNext())
        {
            get(ref value);
            values.Add(code(value));
        }

        return values.ToImmutable();
    }
}

using System.Buffers.Binary;
using System.Text;

namespace AutoTune.Torch.Loading;

/// <summary>Makes one version that an ELF library demands of another optional.</summary>
/// <remarks>
/// Sources: System V ABI, "Section Header"; Linux Standard Base 5.0, "Symbol Versioning", Verneed and Vernaux. 64 bits, little-endian. An entry
/// Vernaux is vna_hash (4 bytes), vna_flags (2), vna_other (2), vna_name (4), vna_next (4); the dynamic linker passes over a missing version
/// whose vna_flags has VER_FLG_WEAK.
/// </remarks>
internal static class WeakVersion
{
    private const uint VersionNeeds = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort Weak = 2; // VER_FLG_WEAK

    /// <summary>Marks the demand for <paramref name="version"/> as one that may go unmet, in place.</summary>
    /// <returns>Whether the library has such a demand.</returns>
    public static bool Mark(Span<byte> library, string version)
    {
        if (library.Length < 64 || !library[..6].SequenceEqual((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1])) return false;
        var headers = (int)BinaryPrimitives.ReadUInt64LittleEndian(library[0x28..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(library[0x3a..]), count = BinaryPrimitives.ReadUInt16LittleEndian(library[0x3c..]);
        for (var i = 0; i < count; i++)
        {
            var section = library[(headers + i * size)..];
            if (BinaryPrimitives.ReadUInt32LittleEndian(section[4..]) != VersionNeeds) continue;
            var names = (int)BinaryPrimitives.ReadUInt32LittleEndian(section[0x28..]);
            var strings = (int)BinaryPrimitives.ReadUInt64LittleEndian(library[(headers + names * size + 0x18)..]);
            return MarkIn(library, (int)BinaryPrimitives.ReadUInt64LittleEndian(section[0x18..]), strings, Encoding.ASCII.GetBytes(version + "\0"));
        }

        return false;
    }

    private static bool MarkIn(Span<byte> library, int need, int strings, ReadOnlySpan<byte> version)
    {
        var marked = false;
        for (int next; ; need += next)
        {
            var entries = BinaryPrimitives.ReadUInt16LittleEndian(library[(need + 2)..]);
            var entry = need + (int)BinaryPrimitives.ReadUInt32LittleEndian(library[(need + 8)..]);
            for (var i = 0; i < entries; i++)
            {
                var name = strings + (int)BinaryPrimitives.ReadUInt32LittleEndian(library[(entry + 8)..]);
                if (library[name..].StartsWith(version))
                {
                    var flags = library[(entry + 4)..];
                    BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | Weak));
                    marked = true;
                }

                entry += (int)BinaryPrimitives.ReadUInt32LittleEndian(library[(entry + 12)..]);
            }

            next = (int)BinaryPrimitives.ReadUInt32LittleEndian(library[(need + 12)..]);
            if (next == 0) return marked;
        }
    }
}

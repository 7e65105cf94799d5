namespace AutoTune.Torch.Control;

/// <summary>Lists of numbers and decisions in a checkpoint.</summary>
internal static class ControlState
{
    public static void Write(BinaryWriter writer, double[] numbers)
    {
        writer.Write(numbers.Length);
        foreach (var number in numbers) writer.Write(number);
    }

    public static double[] Doubles(BinaryReader reader)
    {
        var numbers = new double[reader.ReadInt32()];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = reader.ReadDouble();
        return numbers;
    }

    public static void Write(BinaryWriter writer, List<(int Step, double Value)> heights)
    {
        writer.Write(heights.Count);
        foreach (var (step, value) in heights)
        {
            writer.Write(step);
            writer.Write(value);
        }
    }

    public static List<(int Step, double Value)> Heights(BinaryReader reader)
        => [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => (reader.ReadInt32(), reader.ReadDouble()))];

    public static void Write(BinaryWriter writer, List<ControlDecision> decisions)
    {
        writer.Write(decisions.Count);
        foreach (var decision in decisions)
        {
            writer.Write(decision.Epoch);
            writer.Write(decision.Step);
            writer.Write(decision.Setting);
            writer.Write(decision.From);
            writer.Write(decision.To);
            writer.Write(decision.Reason);
        }
    }

    public static List<ControlDecision> Decisions(BinaryReader reader)
        => [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => new ControlDecision(reader.ReadInt32(), reader.ReadInt32(), reader.ReadString(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadString()))];

    public static void Replace<T>(List<T> list, List<T> by)
    {
        list.Clear();
        list.AddRange(by);
    }
}

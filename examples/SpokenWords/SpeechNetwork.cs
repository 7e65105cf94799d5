using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpokenWords;

/// <summary>Two blocks of convolution over a spectrogram, what follows along time, and ten digits.</summary>
internal sealed class SpeechNetwork : nn.Module<Tensor, Tensor>
{
    private const int Hidden = 64;
    private readonly string _head;
    private readonly Sequential _blocks;
    private readonly GRU? _recurrent;
    private readonly nn.Module<Tensor, Tensor> _out;

    public SpeechNetwork(int width, string head, bool hasNorm, double dropout) : base(nameof(SpeechNetwork))
    {
        _head = head;
        var layers = new List<(string, nn.Module<Tensor, Tensor>)>();
        Block("block1", 1, width);
        Block("block2", width, 2 * width);
        _blocks = nn.Sequential(layers);
        const int Bands = LogMel.Bands / 4, Frames = LogMel.Frames / 4;
        var features = 2 * width * Bands; // at each of the frames that are left
        if (head == "GRU") _recurrent = nn.GRU(features, Hidden, batchFirst: true);
        var inputs = head switch { "GRU" => Hidden, "mean" => features, _ => features * Frames };
        _out = head == "flat" ? nn.Sequential(("dropout", nn.Dropout(dropout)), ("hidden", nn.Linear(inputs, Hidden)), ("relu", nn.ReLU()), ("out", nn.Linear(Hidden, 10)))
            : nn.Sequential(("dropout", nn.Dropout(dropout)), ("out", nn.Linear(inputs, 10)));
        RegisterComponents();

        void Block(string name, int from, int to)
        {
            layers.Add(($"{name}_convolution", nn.Conv2d(from, to, kernel_size: 3, padding: 1)));
            if (hasNorm) layers.Add(($"{name}_norm", nn.BatchNorm2d(to)));
            layers.Add(($"{name}_relu", nn.ReLU()));
            layers.Add(($"{name}_pool", nn.MaxPool2d(2)));
        }
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = _blocks.call(input); // [n, channels, bands, frames]
        if (_head == "flat") return _out.call(x.flatten(1)).MoveToOuterDisposeScope();
        var along = x.flatten(1, 2).transpose(1, 2); // [n, frames, channels * bands]
        return _out.call(_recurrent is null ? along.mean([1]) : _recurrent.call(along).Item1.mean([1])).MoveToOuterDisposeScope();
    }
}

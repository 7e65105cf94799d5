using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FashionImages;

/// <summary>A small convolutional network: two blocks of convolution, normalisation where wanted, and pooling; a hidden layer; ten classes.</summary>
internal static class FashionNetwork
{
    public static Sequential Create(int width, bool hasNorm, double dropout)
    {
        var layers = new List<(string, nn.Module<Tensor, Tensor>)>();
        Block("block1", 1, width);
        Block("block2", width, 2 * width);
        layers.Add(("flatten", nn.Flatten()));
        layers.Add(("dropout", nn.Dropout(dropout)));
        layers.Add(("hidden", nn.Linear(2 * width * 7 * 7, 64)));
        layers.Add(("relu", nn.ReLU()));
        layers.Add(("out", nn.Linear(64, 10)));
        return nn.Sequential(layers);

        void Block(string name, int from, int to)
        {
            layers.Add(($"{name}_convolution", nn.Conv2d(from, to, kernel_size: 3, padding: 1)));
            if (hasNorm) layers.Add(($"{name}_norm", nn.BatchNorm2d(to)));
            layers.Add(($"{name}_relu", nn.ReLU()));
            layers.Add(($"{name}_pool", nn.MaxPool2d(2)));
        }
    }
}

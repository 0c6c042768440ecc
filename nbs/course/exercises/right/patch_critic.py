"Right answers in another form. Each begins with: the cell that it replaces | what is unusual."

# %% patch_critic | One LeakyReLU, which has no weights, stands in all places.
def patch_critic(width=64, strided=3):
    leaky, channels = nn.LeakyReLU(.2), [3, *(width * 2**i for i in range(strided + 1))]
    layers = []
    for i, (inputs, outputs) in enumerate(zip(channels, channels[1:])):
        layers += [nn.Conv2d(inputs, outputs, 4, 2 if i < strided else 1, padding=1), leaky]
    return nn.Sequential(*layers, nn.Conv2d(channels[-1], 1, 4, padding=1))

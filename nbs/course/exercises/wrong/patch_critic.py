"Plausible but wrong answers. Each begins with: the cell that it replaces | what is wrong | the tests that must fail."

# %% receptive_field | A convolution's own stride already counts for its own steps. | field_by_hand
def receptive_field(convolutions):
    field, step = 1, 1
    for size, stride in convolutions:
        step *= stride
        field += (size - 1) * step
    return field

# %% patch_critic | A sigmoid at the end: probabilities, as in the first GAN, not the Wasserstein game's scores. | patch_scores
def patch_critic(width=64, strided=3):
    layers, inputs = [], 3
    for i in range(strided + 1):
        outputs = width * 2**i
        layers += [nn.Conv2d(inputs, outputs, 4, 2 if i < strided else 1, padding=1), nn.LeakyReLU(.2)]
        inputs = outputs
    return nn.Sequential(*layers, nn.Conv2d(inputs, 1, 4, padding=1), nn.Sigmoid())

# %% patch_critic | Batch norm: a score depends on the whole photo and on the others in the batch. | patch_view, patch_alone
def patch_critic(width=64, strided=3):
    layers, inputs = [], 3
    for i in range(strided + 1):
        outputs = width * 2**i
        layers += [nn.Conv2d(inputs, outputs, 4, 2 if i < strided else 1, padding=1), nn.BatchNorm2d(outputs), nn.LeakyReLU(.2)]
        inputs = outputs
    return nn.Sequential(*layers, nn.Conv2d(inputs, 1, 4, padding=1))

# %% patch_critic | One verdict about the whole photo. | patch_map, patch_view
def patch_critic(width=64, strided=3):
    layers, inputs = [], 3
    for i in range(strided + 1):
        outputs = width * 2**i
        layers += [nn.Conv2d(inputs, outputs, 4, 2 if i < strided else 1, padding=1), nn.LeakyReLU(.2)]
        inputs = outputs
    return nn.Sequential(*layers, nn.Conv2d(inputs, 1, 4, padding=1), nn.AdaptiveAvgPool2d(1))

# %% patch_critic | Nothing between the convolutions: five of them are no more than one. | patch_map
def patch_critic(width=64, strided=3):
    layers, inputs = [], 3
    for i in range(strided + 1):
        outputs = width * 2**i
        layers += [nn.Conv2d(inputs, outputs, 4, 2 if i < strided else 1, padding=1)]
        inputs = outputs
    return nn.Sequential(*layers, nn.Conv2d(inputs, 1, 4, padding=1))

# %% patch_critic | PyTorch's own slope of 0.01, not 0.2. | patch_map
def patch_critic(width=64, strided=3):
    layers, inputs = [], 3
    for i in range(strided + 1):
        outputs = width * 2**i
        layers += [nn.Conv2d(inputs, outputs, 4, 2 if i < strided else 1, padding=1), nn.LeakyReLU()]
        inputs = outputs
    return nn.Sequential(*layers, nn.Conv2d(inputs, 1, 4, padding=1))
